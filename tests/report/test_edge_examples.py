"""Every edge type has a page with a complete workflow, which is valid and whose tests pass without a model."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.validate import validate
from registry_tool.manifest.load import load_file
from registry_tool.manifest.schemas import EDGE_TYPES
from registry_tool.runtime.run_tests import SuiteOptions
from registry_tool.runtime.run_tests import test_reference as run_tests
from registry_tool.sources.configuration.choice import RegistryChoice, as_choice
from tests.told_files import lay

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs/edges"


def test_there_is_a_page_for_each_type_and_no_other() -> None:
    assert {page.stem for page in PAGES.glob("*.md")} == set(EDGE_TYPES)


@pytest.mark.parametrize("type_", EDGE_TYPES)
def test_the_example_is_valid_and_its_tests_pass(
    type_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = PAGES / f"{type_}.md"
    assert f"[edges.md](../edges.md#{type_})" in page.read_text("utf-8")
    assert "workflow-resource.yaml" in lay(page, tmp_path)
    monkeypatch.chdir(tmp_path)
    workflow = load_file(tmp_path / "workflow-resource.yaml").workflow
    assert type_ in {edge.type for edge in workflow.edges}
    registry = as_choice(str(ROOT)) if workflow.requires else RegistryChoice()
    assert [str(found) for found in validate(tmp_path, registry).findings] == []
    report = run_tests(str(tmp_path), registry, SuiteOptions())
    assert [(case.name, str(case.outcome)) for case in report.cases] == [
        (case.name, "passed") for case in workflow.tests
    ]
