"""The confined process replays recorded tests, and tells which failed."""

from __future__ import annotations

from registry_tool.commands.review.check_pr import check_pr
from tests.commands.review.requests import publish


def test_recorded_tests_are_replayed_and_must_pass(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"  # type: ignore[attr-defined]
    manifest.write_text(manifest.read_text().replace('greeting: "Hello', 'greeting: "Bye'))
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Break the test")  # type: ignore[attr-defined]
    found = check_pr(registry.root, "main").findings  # type: ignore[attr-defined]
    assert [(f.rule, f.line > 0) for f in found] == [("tests-pass", True)]
