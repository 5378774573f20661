"""Why there is no choice, told so that somebody can mend it."""

from __future__ import annotations

import pytest

from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, FixedSource
from registry_tool.resolver.explain import CycleError, RequirementInfo, chain_text, conflict


def want(name: str, range_: str, by: str = "you", registry: str = "public") -> RequirementInfo:
    return RequirementInfo(Requirement(name, range_, registry), by)


def source(**versions: list[str]) -> FixedSource:
    """`!` after a version: it is yanked."""
    return FixedSource(
        {
            name: [Candidate(name, v.rstrip("!"), yanked=v.endswith("!")) for v in found]
            for name, found in versions.items()
        }
    )


def test_a_registry_of_its_own_is_named() -> None:
    assert str(want("a", "^1")) == "a ^1"
    assert str(want("a", "^1", registry="own")) == "a ^1 of the registry own"


@pytest.mark.parametrize(
    ("candidate", "fits"),
    [
        (Candidate("a", "1.2.0"), True),
        (Candidate("a", "2.0.0"), False),
        (Candidate("a", "1.2.0", registry="own"), False),
    ],
)
def test_a_want_admits_only_its_registrys_versions(candidate: Candidate, fits: bool) -> None:
    assert want("a", "^1").admits(candidate) is fits


def test_the_chain_leads_from_the_one_who_asked() -> None:
    heard = {
        "a": [want("a", "*")],
        "b": [want("b", "^2", "other:1.0.0"), want("b", "^1", "a:1.0.0")],
        "c": [want("c", "^9", "b:1.5.0")],
    }
    error = conflict([want("c", "^9", "b:1.5.0")], heard, source(c=["1.0.0"]))
    (chain,) = error.chains
    assert chain_text(chain) == "you requires a *, a:1.0.0 requires b ^1, b:1.5.0 requires c ^9"
    assert str(error).startswith("no version of c fits: you requires a *")


def test_a_chain_in_a_circle_ends() -> None:
    heard = {"a": [want("a", "*", "b:1.0.0")], "b": [want("b", "*", "a:1.0.0")]}
    error = conflict([want("a", "^9", "b:1.0.0")], heard, source(a=["1.0.0"]))
    assert len(error.chains[0]) <= 3


def test_the_quarrel_is_about_what_no_version_satisfies() -> None:
    causes = [want("a", "^1", "x:1.0.0"), want("b", "^1", "x:1.0.0"), want("b", "^2", "y:1.0.0")]
    error = conflict(causes, {}, source(a=["1.0.0"], b=["1.0.0", "2.0.0"]))
    assert error.name == "b"
    assert len(error.chains) == 2
    assert error.hint == "published: 1.0.0, 2.0.0"


def test_a_yanked_version_satisfies_nobody_and_is_shown_as_such() -> None:
    error = conflict([want("a", "*")], {}, source(a=["1.0.0!"]))
    assert error.hint == "published: 1.0.0 (yanked)"
    assert conflict([want("z", "*")], {}, source()).hint == "published: nothing of that name"


def test_a_circle_names_everyone() -> None:
    error = CycleError(["a", "b", "a"])
    assert str(error) == "dependencies go in a circle: a → b → a (remove one of them)"
