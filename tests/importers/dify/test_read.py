"""Whole exports: real ones are read, valid, and told node by node."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.import_workflow import import_workflow
from registry_tool.core.finding import Severity
from registry_tool.importers.dify.read import EXPORT
from registry_tool.importers.imported import NodeStatus
from registry_tool.manifest.load import load_file
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules.all_rules import judge
from registry_tool.rules.base import RuleContext, Subject, VersionContent
from tests.importers.dify.exports import export, form, given, read

DATA = Path(__file__).parents[4] / "shared/data/dify"
FILES = sorted(DATA.glob("*.yml"))
REASON = "needs the exported workflows beside the project"
_THE_AUTHORS = {"license", "publishable"}


@pytest.mark.skipif(not FILES, reason=REASON)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_real_export_becomes_a_valid_project(file: Path, tmp_path: Path) -> None:
    result = import_workflow(file, tmp_path / "out")
    manifest = load_file(tmp_path / "out/workflow-resource.yaml", "workflow-resource.yaml")
    paths = ("workflow-resource.yaml", "docs/README.md", EXPORT)
    files = {path: VersionContent((tmp_path / "out" / path).read_bytes()) for path in paths}
    found = judge(Subject(manifest, files, RuleContext(FixedSource())))
    assert [f for f in found if f.severity is Severity.ERROR and f.rule not in _THE_AUTHORS] == []
    assert all(node.why for node in result.nodes if node.status is not NodeStatus.RUNS)
    assert {node.type for node in result.nodes if node.status is NodeStatus.CARRIED} <= {
        *("note", "tool", "agent", "iteration", "knowledge-retrieval", "document-extractor"),
        *("code", "llm", "template-transform", "if-else"),  # in iterations, with packages, on files
    }


@pytest.mark.skipif(not FILES, reason=REASON)
def test_most_nodes_of_real_exports_run(tmp_path: Path) -> None:
    nodes = [
        node
        for number, file in enumerate(FILES)
        for node in import_workflow(file, tmp_path / str(number)).nodes
        if node.type != "note"
    ]
    runs = [node for node in nodes if node.status is not NodeStatus.CARRIED]
    assert len(runs) / len(nodes) > 0.85


def test_the_export_comes_along_and_its_page_is_told() -> None:
    value = export(
        {"s": form("q"), "e": given("x=s.q")},
        "s > e",
        features={"opening_statement": "Hi", "suggested_questions": []},
    )
    found = read(value, name="x", text="app: a\u200bb\n")
    assert found.files[EXPORT] == b"app: ab\n"
    assert [loss.where for loss in found.not_carried] == ["features.opening_statement"]
    assert found.manifest["metadata"] == {
        "name": "my-flow",
        "version": "0.1.0",
        "description": "Does it",
    }
