"""Files that a run's resources hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from registry_tool.engine.edges.base import Services
from registry_tool.manifest.load import workflow_from
from tests.engine.small import go
from tests.importers.dify.exports import HereSandbox, given, imported, statuses


def reading(kind: str, *, many: bool) -> Any:
    nodes: Any = {
        "s": {"type": "start", "variables": [{"variable": "f", "type": kind, "required": True}]},
        "d": {"type": "document-extractor", "variable_selector": ["s", "f"], "is_array_file": many},
        "e": given("x=d.text"),
    }
    return imported(nodes, "s > d, d > e")


@pytest.mark.parametrize(
    ("kind", "many", "value", "read"),
    [
        ("file", False, "a.txt", "one"),
        ("file-list", True, ["a.txt", {"path": "b.md"}], ["one", "two"]),
        ("file-list", True, ["a.txt"], ["one"]),
    ],
)
def test_texts_are_read(kind: str, many: bool, value: Any, read: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    (tmp_path / "b.md").write_text("two")
    what = reading(kind, many=many)
    assert statuses(what)["d"] == "needs"
    flow = workflow_from(what.manifest, "workflow-resource.yaml")
    result = go(flow, {"f": value}, services=Services(sandbox=HereSandbox(), resources=tmp_path))
    assert (result.error, dict(result.outputs)) == ("", {"x": read})
