"""What a resolver is offered: of one registry, or of several by name."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.manifest.model import Requirement
from registry_tool.resolver.candidates import Candidate, FixedSource, candidates_for
from registry_tool.resolver.solve import solve

HERE = Candidate("a", "1.0.0", registry="here", names=("public", "here"))
THERE = Candidate("a", "1.0.0", registry="there", names=("there",))


class Two:
    """Two registries that have one version of a name each."""

    def versions(self, name: str) -> Sequence[Candidate]:
        return self.versions_in("public", name)

    def versions_in(self, registry: str, name: str) -> Sequence[Candidate]:
        found = {"public": HERE, "here": Candidate("a", "1.0.0", registry="here"), "there": THERE}
        return [found[registry]] if name == "a" else []

    def requires(self, candidate: Candidate) -> Sequence[Requirement]:
        return ()


def test_a_candidate_answers_to_its_registry_s_names() -> None:
    assert [HERE.is_from(name) for name in ("public", "here", "there")] == [True, True, False]
    assert Candidate("a", "1.0.0").is_from("public")


def test_one_registry_s_candidates_are_offered_whatever_is_asked_for() -> None:
    source = FixedSource({"a": [THERE]})
    assert candidates_for(source, "a", ["public"]) == [THERE]


def test_each_version_of_each_registry_is_offered_once() -> None:
    assert candidates_for(Two(), "a", ["here", "public", "here"]) == [HERE]
    assert candidates_for(Two(), "a", ["public", "there"]) == [HERE, THERE]
    assert candidates_for(Two(), "b", ["public"]) == []


def test_a_requirement_is_met_by_the_registry_that_it_names() -> None:
    for registry, chosen in (("public", "here"), ("here", "here"), ("there", "there")):
        found = solve([Requirement("a", "^1", registry)], Two())
        assert found.chosen["a"].registry == chosen
    both = [Requirement("a", "^1"), Requirement("a", "1.0.0", "here")]
    assert solve(both, Two()).chosen["a"].registry == "here"
