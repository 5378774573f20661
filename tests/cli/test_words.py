"""What commands say where something was mistyped: the place, the reason, the fix."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from registry_tool.cli.registry import cli as registry_cli
from registry_tool.commands.batch.batch import batch
from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.engine.inputs import LARGEST_INPUTS, checked_inputs
from registry_tool.engine.sandbox.base import CodeError
from registry_tool.engine.sandbox.exchange import STARTED, value
from registry_tool.manifest.load import load_file
from registry_tool.runtime.batch.session import BatchOptions
from registry_tool.store.git.repository import Repository


def test_no_git_is_said_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    real = builtins.__import__

    def without_git(name: str, *rest: object) -> object:
        if name == "git":
            raise ImportError(
                "Failed to initialize: Bad git executable.\nThe git executable must\n"
            )
        return real(name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_git)
    with pytest.raises(MissingToolError) as caught:
        Repository(tmp_path)
    assert caught.value.reason == "git is not installed, or not on the PATH"
    assert "apt-get install git" in caught.value.hint


def test_a_batch_overwrites_nothing_that_it_reads(project: Path, tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text('{"text": "a"}\n')
    before = lines.read_text()
    for how in (
        BatchOptions(lines, lines),
        BatchOptions(lines, project / "workflow-resource.yaml"),
        BatchOptions(lines, tmp_path / "led/segment-1.jsonl", tmp_path / "led"),
        BatchOptions(lines, tmp_path / "led", tmp_path / "led"),
    ):
        with pytest.raises(UsageError, match="nothing was written"):
            batch("base/", ".", how)
    assert lines.read_text() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "in.jsonl"]


def test_inputs_that_are_too_large_are_refused_before_anything_runs(project: Path) -> None:
    workflow = load_file(project / "workflow-resource.yaml").workflow
    with pytest.raises(UsageError, match="the largest is 'text'") as caught:
        checked_inputs(workflow, {"text": "a" * (LARGEST_INPUTS + 1)})
    assert "load" in caught.value.hint
    assert checked_inputs(workflow, {"text": "a" * 1000})
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(UsageError):
        checked_inputs(workflow, {"text": deep})  # type: ignore[dict-item]


def test_code_without_memory_is_reported_what_to_do() -> None:
    with pytest.raises(CodeError, match="give it less at once"):
        value(STARTED, b"Traceback\nMemoryError\n")


def test_a_plan_is_not_written_over_the_lines(tmp_path: Path) -> None:
    lines = tmp_path / "in.jsonl"
    lines.write_text("{}\n")
    words = ["batch-plan", "--shards", "2", "--inputs", str(lines), "--outputs", str(lines)]
    result = CliRunner().invoke(registry_cli, words)
    assert isinstance(result.exception, UsageError)
    assert lines.read_text() == "{}\n"
