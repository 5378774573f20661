"""The confined process replays recorded tests, and tells which failed."""

from __future__ import annotations

from registry_tool.commands.review.check_pr import check_pr
from registry_tool.report.summary import summary
from tests.commands.review.requests import publish


def test_recorded_tests_are_replayed_and_must_pass(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"  # type: ignore[attr-defined]
    manifest.write_text(manifest.read_text().replace('greeting: "Hello', 'greeting: "Bye'))
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Break the test")  # type: ignore[attr-defined]
    found = check_pr(registry.root, "main").findings  # type: ignore[attr-defined]
    assert [(f.rule, f.line > 0) for f in found] == [("tests-pass", True)]


def test_tests_that_pass_are_replayed_with_planted_instructions(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    found = check_pr(registry.root, "main")  # type: ignore[attr-defined]
    (subject,) = found.new
    report = subject.context.canaries
    assert report is not None
    assert (report.untold, report.cases) == ("", 1)
    assert report.sources == ("the input who",)
    assert "Instructions planted in the input who" in summary(found.new, found.findings)
