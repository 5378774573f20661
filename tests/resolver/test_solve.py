from __future__ import annotations

import contextlib
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import Requirement
from registry_tool.resolver import solve as module
from registry_tool.resolver.candidates import Candidate, FixedSource
from registry_tool.resolver.lock import lock_of, read_lock
from registry_tool.resolver.ranges import admits
from registry_tool.resolver.solve import ConflictError, CycleError, solve


def source(**lines: dict[str, dict[str, str]]) -> FixedSource:
    """`source(a={"1.0.0": {"b": "^1"}})`: versions and what they require."""
    return FixedSource(
        {
            name: [
                Candidate(
                    name,
                    version.rstrip("!"),
                    f"sha256:{name}{version}",
                    yanked=version.endswith("!"),
                    requires=tuple(Requirement(*need) for need in needs.items()),
                )
                for version, needs in versions.items()
            ]
            for name, versions in lines.items()
        }
    )


def chosen(known: FixedSource, *needs: tuple[str, str], **locked: str) -> dict[str, str]:
    resolution = solve([Requirement(*need) for need in needs], known, locked=locked)
    return {name: candidate.version for name, candidate in resolution.chosen.items()}


def test_the_highest_that_everyone_admits() -> None:
    known = source(
        a={"1.0.0": {"c": "^1"}},
        b={"1.0.0": {"c": "<1.5.0"}},
        c={"1.0.0": {}, "1.4.0": {}, "1.9.0": {}, "2.0.0": {}},
    )
    assert chosen(known, ("a", "*"), ("b", "*")) == {"a": "1.0.0", "b": "1.0.0", "c": "1.4.0"}


def test_an_older_version_where_the_newest_does_not_fit() -> None:
    known = source(
        a={"1.0.0": {"c": "^1"}, "2.0.0": {"c": "^2"}},
        b={"1.0.0": {"c": "^1"}},
        c={"1.0.0": {}, "2.0.0": {}},
    )
    assert chosen(known, ("a", "*"), ("b", "*"))["a"] == "1.0.0"


def test_a_conflict_names_everyone() -> None:
    known = source(a={"1.0.0": {"c": "^1"}}, b={"1.0.0": {"c": "^2"}}, c={"1.0.0": {}, "2.0.0": {}})
    with pytest.raises(ConflictError) as caught:
        chosen(known, ("a", "*"), ("b", "*"))
    assert [[want.by for want in chain] for chain in caught.value.chains] == [
        ["you", "a:1.0.0"],
        ["you", "b:1.0.0"],
    ]
    assert str(caught.value) == (
        "no version of c satisfies everyone: you requires a *, a:1.0.0 requires c ^1; "
        "you requires b *, b:1.0.0 requires c ^2 (published: 1.0.0, 2.0.0)"
    )
    assert "published: 1.0.0, 2.0.0" in str(caught.value)


def test_a_circle_is_printed_whole() -> None:
    known = source(a={"1.0.0": {"b": "*"}}, b={"1.0.0": {"c": "*"}}, c={"1.0.0": {"a": "*"}})
    with pytest.raises(CycleError) as caught:
        chosen(known, ("a", "*"))
    assert caught.value.names == ("a", "b", "c", "a")


def test_a_yanked_version_only_through_a_lock() -> None:
    known = source(a={"1.0.0": {}, "1.1.0!": {}})
    assert chosen(known, ("a", "^1")) == {"a": "1.0.0"}
    assert chosen(known, ("a", "^1"), a="1.1.0") == {"a": "1.1.0"}
    resolution = solve([Requirement("a", "^1")], known, locked={"a": "1.1.0"})
    assert resolution.yanked == ("a",)


def test_another_registrys_workflow_is_not_taken() -> None:
    known = source(a={"1.0.0": {}})
    with pytest.raises(ConflictError):
        solve([Requirement("a", "*", "private")], known)


def test_an_abandoned_choice_that_requires_itself_does_no_harm() -> None:
    """c 2.0.0 is given up for c 1.0.0 after d was pinned for it; found by the property test below."""
    known = source(
        a={"1.0.0": {"c": "*"}},
        b={"1.0.0": {}},
        c={"1.0.0": {}, "2.0.0": {"c": "^1", "d": "*"}},
        d={"1.0.0": {"b": "*", "d": "*"}},
    )
    assert sorted(solve([Requirement("a", "*"), Requirement("b", "*")], known).chosen) == [
        "a",
        "b",
        "c",
    ]


RANGES = st.sampled_from(["*", "^1", "^2", "~1.1", ">=1.1.0", "<2.0.0"])
NEEDS = st.dictionaries(st.sampled_from("bcd"), RANGES, max_size=2)
LINES = st.dictionaries(
    st.sampled_from(["1.0.0", "1.1.0", "1.1.5", "2.0.0"]), NEEDS, min_size=1, max_size=4
)


@given(LINES, LINES, LINES, LINES)
def test_every_choice_is_admitted_and_the_lock_keeps_it(
    a: dict[str, dict[str, str]],
    b: dict[str, dict[str, str]],
    c: dict[str, dict[str, str]],
    d: dict[str, dict[str, str]],
) -> None:
    known = source(a=a, b=b, c=c, d=d)
    try:
        resolution = solve([Requirement("a", "*")], known)
    except RegistryError:
        return
    for candidate in resolution.chosen.values():
        for need in candidate.requires:
            assert admits(need.range, resolution.chosen[need.name].version)
    lock = lock_of(resolution)
    assert read_lock(lock.to_bytes(), "workflow.lock") == lock
    assert solve([Requirement("a", "*")], known, locked=lock.versions).chosen == resolution.chosen


def quarrels(seed: int, names: int, versions: int) -> FixedSource:
    """A registry in which hardly anything fits: every version requires two others, in ranges by chance."""
    chance = Random(seed)  # noqa: S311 - nothing is kept secret by it

    def needs(name: int) -> dict[str, str]:
        others = chance.sample([other for other in range(names) if other != name], 2)
        sign = [">=", "<=", "~"]
        return {f"p{o}": f"{chance.choice(sign)}1.{chance.randrange(versions)}.0" for o in others}

    return source(
        **{f"p{n}": {f"1.{v}.0": needs(n) for v in range(versions)} for n in range(names)}
    )


@pytest.mark.parametrize("seed", range(8))
def test_what_does_not_fit_is_remembered_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """resolvelib's own lists double with every step back, up to gigabytes."""
    searches: list[Any] = []

    def watched(provider: Any) -> Any:
        searches.append(search(provider))
        return searches[-1]

    search = module._search
    monkeypatch.setattr(module, "_search", watched)
    with contextlib.suppress(RegistryError):
        chosen(quarrels(seed, 12, 8), ("p0", "*"), ("p1", "*"))
    kept = [len(c.incompatibilities) for c in searches[0].state.criteria.values()]
    assert max(kept, default=0) <= 8
