"""Workflows that would take up a new version: breakage that it brings is told apart from older one."""

from __future__ import annotations

import pytest

from registry_tool.commands.review.check_pr import check_pr
from registry_tool.report.summary import summary
from tests.commands.review.requests import publish

CALLER = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: NAME, version: "1.0.0", license: MIT, description: Calls hello }
spec:
  blocks: [{ id: who, type: text }, { id: said, type: text }]
  edges:
    - id: ask
      source: who
      target: said
      type: workflow
      config: { name: hello, inputs: { who: "{{who}}" }, output: greeting }
  runtime: { dependencies: { workflows: [{ name: hello, version: ^1.0.0 }] } }
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: said, type: string }]
  tests: [{ name: says, inputs: { who: you }, expected: { said: "EXPECTED" } }]
"""


OTHER_WORDS = "no answer is recorded, "
"""As a replay says it of a question that nobody recorded, which would be no breakage."""


def move_indexes(registry: object, location: str) -> None:
    """Take the generated documents off the work tree, onto a branch of their own."""
    folders = ("indexes", "registry/metadata")
    git = registry.git  # type: ignore[attr-defined]
    git("add", *folders)
    commit = git("commit-tree", "-m", "Indexes", git("write-tree").strip()).strip()
    git("update-ref", f"refs/heads/{location}", commit)
    git("rm", "-r", "--quiet", "-f", *folders)


@pytest.mark.parametrize("location", ["main", "indexes"])
def test_breakage_of_dependents_is_distinguished(registry: object, location: str) -> None:
    """Who depends on it stands on main, or beside a main that takes no push from a job."""
    from registry_tool.commands.maintain.index import index

    for name, expected in (("sound", "Hello, you!"), ("broken", "Nothing of the kind")):
        folder = registry.root / "registry/workflows" / name / "1.0.0"  # type: ignore[attr-defined]
        folder.mkdir(parents=True)
        text = CALLER.replace("NAME", name).replace("EXPECTED", expected)
        (folder / "manifest.yaml").write_text(text)
        (folder.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    registry.compile()  # type: ignore[attr-defined]
    index(registry.root)  # type: ignore[attr-defined]
    if location != "main":
        move_indexes(registry, location)
    registry.commit("Two that depend on it")  # type: ignore[attr-defined]
    publish(registry, "hello", "1.1.0")
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"  # type: ignore[attr-defined]
    manifest.write_text(manifest.read_text().replace("Hello, ", OTHER_WORDS))
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Other words")  # type: ignore[attr-defined]
    result = check_pr(registry.root, "main")  # type: ignore[attr-defined]
    found = {(f.severity.value, f.message.split(",")[0]) for f in result.findings}
    assert found == {("hold", "sound:1.0.0"), ("info", "broken:1.0.0")}
    assert result.verdict == "held"
    text = summary(result.new, result.findings, result.verdict, result.key)
    assert "**fails now, and did not before**" in text
    assert "fails, and failed before" in text
