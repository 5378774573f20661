"""What is worked out of a value is worked out once, and goes with it."""

from __future__ import annotations

from registry_tool.core.once import cached_results, forget, once
from registry_tool.core.records import Record


class Thing(Record, frozen=True, dict=True):
    """Something of which more can be worked out."""

    name: str


CALLS: list[tuple[object, ...]] = []


@once
def compute(of: Thing, *others: object, loud: bool = False) -> list[str]:
    """A new list for each call."""
    CALLS.append((of.name, *others, loud))
    return [of.name]


def test_the_same_is_given_for_the_same_arguments_alone() -> None:
    CALLS.clear()
    one, equal, other = Thing("a"), Thing("a"), object()
    assert compute(one) is compute(one)
    assert compute(one, other) is compute(one, other)
    assert compute(one, loud=True) is compute(one, loud=True)
    assert compute(one, other) is not compute(one)
    assert compute(one, object()) is not compute(one, object())
    assert compute(equal) is not compute(one), "it is kept with the value itself"
    assert CALLS.count(("a", False)) == 2, "one for each of the two"


def test_two_functions_do_not_meet() -> None:
    @once
    def length(of: Thing) -> int:
        return len(of.name)

    thing = Thing("abc")
    assert (compute(thing), length(thing)) == (["abc"], 3)
    assert length.__name__ == "length"


def test_what_is_forgotten_is_worked_out_again() -> None:
    thing = Thing("a")
    before = compute(thing)
    assert cached_results(thing)
    forget(thing)
    assert not cached_results(thing)
    assert compute(thing) is not before
    forget(Thing("nothing is kept with it"))


def test_what_is_kept_does_not_count_as_a_part_of_the_value() -> None:
    thing = Thing("a")
    compute(thing)
    assert thing == Thing("a")
    assert hash(thing) == hash(Thing("a"))
    assert repr(thing) == repr(Thing("a"))
