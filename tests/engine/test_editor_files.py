"""Every exported workflow of the data folder imports, and runs where it needs no foreign service."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.commands.import_workflow import import_puppyflow
from registry_tool.commands.program import program_from_files
from registry_tool.commands.reference import project_files
from registry_tool.commands.run_workflow import HowToRun, run_program

FOREIGN = {"search", "retrieve", "deep_research", "query_rewrite", "rerank", "http"}
SLOW_ON_TWO_CORES = {
    "llm2",
    "new_llm_bug",
    "test_llm_structured_output",
    "test_new_llm",
    "test_new_llm_structured",
    "multiple_outputs",
    "article_writer",
    "personal_rss",
}


def files(shared: Path) -> list[Path]:
    folder = shared / "data/puppyflow"
    return sorted(
        [
            *folder.glob("testkit/*.json"),
            *folder.glob("workspaces/*.json"),
            *folder.glob("templates/*/package.json"),
        ]
    )


def test_every_file_imports_and_what_can_run_runs(shared: Path, tmp_path: Path) -> None:
    told = {"success": 0, "foreign": 0, "left to the embedded model": 0}
    for file in files(shared):
        project = tmp_path / f"{file.parent.name}-{file.stem}"
        import_puppyflow(file, project)
        program = program_from_files(project_files(project), str(project))
        kinds = {edge.type for edge in program.workflow.edges}
        if kinds & FOREIGN:
            told["foreign"] += 1
        elif kinds & {"llm", "generate"}:
            told["left to the embedded model"] += 1
        else:
            result = run_program(program, {}, HowToRun())
            assert result.status == "success", (file, result.error)
            told["success"] += 1
    assert told == {"success": 19, "foreign": 12, "left to the embedded model": 15}


def test_runs_give_what_the_editors_engine_gave(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data/puppyflow"
    expected = json.loads((folder / "expected-testkit.json").read_text())
    assert expected
    for case, wanted in expected.items():
        project = tmp_path / case
        import_puppyflow(folder / "testkit" / wanted["workflow"], project)
        result = run_program(program_from_files(project_files(project), case), {}, HowToRun())
        assert result.status == "success", result.error
        assert {block: result.blocks[block] for block in wanted["outputs"]} == wanted["outputs"], (
            case
        )


@pytest.mark.model
def test_exports_that_ask_a_model_run_on_the_embedded_one(shared: Path, tmp_path: Path) -> None:
    ran = 0
    for file in files(shared):
        if file.stem in SLOW_ON_TWO_CORES or file.parent.name in {"file-load", "onboarding_guide"}:
            continue
        project = tmp_path / f"{file.parent.name}-{file.stem}"
        import_puppyflow(file, project)
        program = program_from_files(project_files(project), str(project))
        kinds = {edge.type for edge in program.workflow.edges}
        if kinds & FOREIGN or not kinds & {"llm", "generate"}:
            continue
        result = run_program(program, {}, HowToRun(provider="local"))
        assert result.status == "success", (file, result.error)
        assert result.usage.calls > 0
        ran += 1
    assert ran >= 4
