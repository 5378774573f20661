from __future__ import annotations

import json
import os
import re
from pathlib import Path

import click
import pytest

from registry_tool.cli.output import print_json, print_run, source_reader
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult

FAILED = RunResult("exec-1", "error", {}, {}, Usage(3, 0, 1), 0.5, "edge ask: \x1b[31mno")


def test_a_failed_run_names_itself_so_that_its_log_can_be_found(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(click.exceptions.Exit) as ended:
        print_run(FAILED, "text")
    assert ended.value.exit_code == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "exec-1: error in 0.50 s, 1 model calls, 3 + 0 tokens" in captured.err
    assert "\x1b" not in captured.err


def test_as_json_it_is_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit):
        print_run(FAILED, "json")
    captured = capsys.readouterr()
    assert json.loads(captured.out)["execution_id"] == "exec-1"
    assert captured.err == ""


def test_as_json_nothing_reaches_the_terminal_but_the_same_value(
    capsys: pytest.CaptureFixture[str],
) -> None:
    odd = {"a": "\x9b31m \u202e \u2028 \ud800 \x7f 你好\n"}
    print_json(dict(odd))
    output = capsys.readouterr().out
    assert json.loads(output) == odd
    assert not re.search("[\x7f-\x9f\u2028-\u202e\ud800-\udfff]", output)
    assert "你好" in output


def test_what_was_left_out_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    result = RunResult("exec-1", "success", {}, {}, Usage(), 0.5, notices=("edge ask: less",))
    print_run(result, "text")
    assert "note: edge ask: less" in capsys.readouterr().err
    print_run(result, "json")
    assert json.loads(capsys.readouterr().out)["notices"] == ["edge ask: less"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_line_is_shown_of_a_folders_own_files_alone(tmp_path: Path) -> None:
    folder, other = tmp_path / "folder", tmp_path / "other"
    folder.mkdir()
    other.write_text("secret")
    (folder / "own").write_text("line")
    (folder / "link").symlink_to(other)
    os.mkfifo(folder / "pipe")
    read = source_reader(folder)
    assert [read(name) for name in ("own", "link", "pipe", "gone")] == ["line", None, None, None]
