"""What a version is judged against: those below it, in the base and in the same request."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from registry_tool.commands.review.check_pr import check_pr
from tests.commands.review.requests import branch


def changed(folder: Path, old: str, new: str) -> None:
    """Change a version's manifest."""
    file = folder / "manifest.yaml"
    file.write_text(file.read_text().replace(old, new))


def test_versions_of_one_request_are_judged_against_each_other(registry: object) -> None:
    """A request that brings a version and what breaks it would else pass where two requests would not."""
    branch(registry, "two")
    lay: Callable[[str, str], Path] = registry.lay  # type: ignore[attr-defined]
    more = "outputs: [{ name: who, type: string }, {"
    changed(lay("hello", "1.1.0"), "outputs: [{", more)
    lay("hello", "1.1.1")
    changed(lay("new", "2.0.0"), "outputs: [{", more)
    lay("new", "2.0.1")
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Publish four")  # type: ignore[attr-defined]
    found = check_pr(registry.root, "main").findings  # type: ignore[attr-defined]
    listed = [finding.path for finding in found if finding.rule == "bump"]
    folders = [f"registry/workflows/{version}" for version in ("hello/1.1.1", "new/2.0.1")]
    assert [path.rpartition("/")[0] for path in listed] == folders
