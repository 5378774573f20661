"""What could not be made is said loudly, and is nobody's markup or command."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.cli.site import _warn_of_pages


def test_pages_that_are_plain_are_reported_in_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    _warn_of_pages(["x:1.0.0: \x1b[2J\n::error::no\n<b>"], summary)
    output = capsys.readouterr().err
    assert output.startswith("warning: a page stands as a plain notice")
    assert "\x1b" not in output
    assert not [line for line in output.splitlines() if line.startswith("::")]
    assert summary.read_text().startswith("before\n## Pages that can't be made\n")
    assert "\n    x:1.0.0: " in summary.read_text()


def test_nothing_is_reported_where_all_could_be_made(tmp_path: Path) -> None:
    _warn_of_pages([], tmp_path / "summary.md")
    assert not (tmp_path / "summary.md").exists()
