"""What is worked out of a value once: kept with the value, and gone with it, as by `cached_property` in its class.

For functions of rooms above the value's own: a version's egress, its graph, what a page says of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

_KEPT: Final = "_worked_out"
T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


def once(compute: Callable[Concatenate[T, P], R]) -> Callable[Concatenate[T, P], R]:
    """A function whose result is kept with its first argument, for the other arguments that it was called with.

    The first argument is immutable and has a `__dict__` (`class X(Record, frozen=True, dict=True)`); the others
    are distinguished by identity, and live as long as it does.
    """
    made_by = (compute.__module__, compute.__qualname__)

    @wraps(compute)
    def kept(of: T, /, *others: P.args, **named: P.kwargs) -> R:
        found = cached_results(of).setdefault(made_by, [])
        arguments = (*others, *named, *named.values())
        result: R
        for before, result in found:
            if len(before) == len(arguments) and all(map(_is, before, arguments)):
                return result
        result = compute(of, *others, **named)
        found.append((arguments, result))
        return result

    return kept


def _is(one: object, other: object) -> bool:
    return one is other


def cached_results(of: object) -> dict[tuple[str, str], list[tuple[tuple[object, ...], Any]]]:
    """What is kept with a value: (other arguments, result) by what made it; each result has a type of its own."""
    kept: dict[tuple[str, str], list[tuple[tuple[object, ...], Any]]]
    kept = of.__dict__.setdefault(_KEPT, {})
    return kept


def forget(of: object) -> None:
    """Let go what is kept with a value: a result that leads back to it would wait for the garbage collector."""
    of.__dict__.pop(_KEPT, None)
