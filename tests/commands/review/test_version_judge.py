"""New versions are judged in the merge result, against the base."""

from __future__ import annotations

import pytest

from registry_tool.commands.review.check_pr import check_pr
from registry_tool.report.summary import summary
from registry_tool.rules.change_set import Actor
from tests.commands.review.requests import branch, publish, rules


def test_what_can_not_be_compared_waits(registry: object) -> None:
    compiled = registry.root / "registry/workflows/hello/1.0.0/workflow.json"  # type: ignore[attr-defined]
    compiled.write_text("nonsense")
    registry.commit("Break the release before")  # type: ignore[attr-defined]
    branch(registry, "next")
    registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    compiled.write_text("nonsense")
    registry.commit("Publish hello 1.1.0")  # type: ignore[attr-defined]
    assert (rules(registry), check_pr(registry.root, "main").verdict) == (["bump"], "held")  # type: ignore[attr-defined]


def test_a_dependency_is_looked_up_in_the_merge_result(registry: object) -> None:
    publish(registry, "caller", "1.0.0", hello="^1.0.0")
    assert rules(registry) == []
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    publish(registry, "caller", "2.0.0", hello="^7.0.0")
    assert rules(registry) == ["dependencies-resolve"]


@pytest.mark.parametrize(
    "number", ["1.0", "01.2.3", "v2", "1.0.0-01", "\uff11.0.0", "9" * 30 + ".0.0", ""]
)
def test_a_bad_version_in_the_manifest_is_a_finding(registry: object, number: str) -> None:
    branch(registry, "next")
    folder = registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace('version: "1.1.0"', f'version: "{number}"', 1))
    registry.commit("Publish")  # type: ignore[attr-defined]
    result = check_pr(registry.root, "main", actor=Actor(1))  # type: ignore[attr-defined]
    assert result.verdict == "refused"
    assert [f for f in result.findings if f.path.endswith("manifest.yaml") and f.line]
    assert summary(result.new, result.findings, result.verdict, result.key, result.unread)
