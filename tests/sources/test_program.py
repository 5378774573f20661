"""A program from a folder that no rule has judged is checked before it runs; a published one was."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.build import build_package
from registry_tool.core.finding import FindingsError
from registry_tool.sources.program import authored_program, program_from_files
from registry_tool.sources.reference import open_reference, open_workflow
from registry_tool.store.paths import MANIFEST, PROJECT_MANIFEST
from tests.engine.small import ASK, HEAD

TYPO = (HEAD + ASK.replace("prompt:", "promt:").replace("CONFIG", "")).encode()
WITHOUT_EFFECT = (HEAD + ASK.replace("CONFIG", ", sys_prompt: Be brief")).encode()


@pytest.mark.parametrize("name", [PROJECT_MANIFEST, MANIFEST])
def test_a_project_with_a_typo_neither_runs_nor_is_built(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(TYPO)
    for act in (
        lambda: open_reference(str(tmp_path), ""),
        lambda: open_reference(str(tmp_path / name), ""),
        lambda: open_workflow(str(tmp_path), ""),
        lambda: build_package(tmp_path, tmp_path / "out"),
    ):
        with pytest.raises(FindingsError) as refused:
            act()
        (finding,) = refused.value.findings
        assert (finding.rule, finding.line, finding.column) == ("edge-config", 8, 73)
        assert finding.path == str(tmp_path / name)
        assert "did you mean 'prompt'?" in finding.help


def test_a_warning_does_not_hinder_a_run() -> None:
    assert authored_program({PROJECT_MANIFEST: WITHOUT_EFFECT}, "").workflow.name == "t"


def test_what_was_published_runs_as_it_always_did() -> None:
    assert program_from_files({MANIFEST: TYPO}, "t/1.0.0").workflow.name == "t"


def test_what_a_run_would_pass_over_in_silence_is_refused_before_it() -> None:
    half = (HEAD + ASK.replace("{{question}}", "{{question}").replace("CONFIG", "")).encode()
    with pytest.raises(FindingsError) as refused:
        authored_program({PROJECT_MANIFEST: half}, "")
    (finding,) = refused.value.findings
    assert finding.rule == "template-braces"
    assert "write {{question}}" in finding.help
