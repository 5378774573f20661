"""A whole registry, checked."""

from __future__ import annotations

from registry_tool.commands.review.check import check
from tests.commands.review.requests import branch, rules


def test_two_versions_of_one_precedence_are_refused_in_one_request_and_in_a_registry(
    registry: object,
) -> None:
    branch(registry, "two")
    for number in ("1.1.0", "1.1.0+x"):
        registry.lay("hello", number)  # type: ignore[attr-defined]
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Publish both")  # type: ignore[attr-defined]
    assert rules(registry) == ["version"]
    found = [f.message for f in check(registry.root).findings]  # type: ignore[attr-defined]
    assert found == ["hello:1.1.0+x and 1.1.0 have the same precedence"]
