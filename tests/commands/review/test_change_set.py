"""Both sides of a request as rules on changes see them."""

from __future__ import annotations

from registry_tool.commands.review.check_pr import check_pr
from registry_tool.core.finding import Severity
from registry_tool.rules.change_set import Actor
from tests.commands.review.requests import publish
from tests.raw_trees import commit_raw


def test_who_may_publish_is_never_guessed(registry: object) -> None:
    """An unreadable newest version on the base: not the usual list, but nobody."""
    owners = "owners: [{ login: ada, id: 1 }]\ncollaborators: [{ login: bob, id: 2 }]\n"
    (registry.root / "registry/workflows/hello/owners.yaml").write_text(owners)  # type: ignore[attr-defined]
    registry.commit("Add Bob")  # type: ignore[attr-defined]
    commit_raw(registry.root, [{"at": "registry/workflows/hello/9.9.9", "entries": []}])  # type: ignore[attr-defined]
    registry.git("reset", "--quiet", "--hard")  # type: ignore[attr-defined]
    publish(registry, "hello", "10.0.0")
    for actor in (1, 2):
        (found,) = [
            finding
            for finding in check_pr(registry.root, "main", actor=Actor(actor)).findings  # type: ignore[attr-defined]
            if finding.rule == "ownership"
        ]
        assert "9.9.9, which can't be read on the base" in found.message
        assert found.severity is Severity.ERROR
