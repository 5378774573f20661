"""The editor's own spellings stay accepted: no export, and no manifest of ours, breaks an edge's schema."""

from __future__ import annotations

import re
from pathlib import Path

from registry_tool.commands.author.import_workflow import import_workflow
from registry_tool.manifest.edge_config import edge_config_problems
from registry_tool.manifest.load import load, load_file
from registry_tool.store.paths import PROJECT_MANIFEST
from tests.engine.test_editor_files import files

ROOT = Path(__file__).parents[2]


def test_no_export_of_the_editor_breaks_a_schema(shared: Path, tmp_path: Path) -> None:
    exports = files(shared)
    assert len(exports) == 46
    for number, file in enumerate(exports):
        project = tmp_path / str(number)
        import_workflow(file, project)
        workflow = load_file(project / PROJECT_MANIFEST).workflow
        assert list(edge_config_problems(workflow)) == [], file


def test_the_example_of_the_design_document_breaks_no_schema(shared: Path) -> None:
    text = (shared / "design-document.zh.md").read_text("utf-8")
    (example,) = [
        block for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL) if "edges:" in block
    ]
    assert list(edge_config_problems(load(example, "example").workflow)) == []


def test_no_manifest_of_the_registry_breaks_a_schema() -> None:
    manifests = sorted((ROOT / "registry/workflows").glob("*/*/manifest.yaml"))
    assert manifests
    for path in manifests:
        assert list(edge_config_problems(load_file(path).workflow)) == [], path
