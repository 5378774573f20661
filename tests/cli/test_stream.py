"""A model's answer as it comes: in whole lines where nobody watches, and inert."""

from __future__ import annotations

import sys

import pytest

from registry_tool.cli.stream import Stream


def test_lines_are_shown_once_they_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    stream = Stream()
    stream("ask", "one")
    assert capsys.readouterr().err == ""
    stream("ask", " two\nthree")
    assert capsys.readouterr().err == "ask: one two\n"
    stream("sum", "four")
    assert capsys.readouterr().err == "three\n"
    stream.end()
    stream.end()
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "sum: four\n")


def test_on_a_terminal_pieces_are_shown_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    stream = Stream()
    stream("ask", "one")
    stream("ask", " two")
    assert capsys.readouterr().err == "ask: one two"


def test_an_answer_commands_neither_terminal_nor_job(capsys: pytest.CaptureFixture[str]) -> None:
    stream = Stream()
    stream("ask", "\x1b[31m\n::error::no\n")
    output = capsys.readouterr().err
    assert "\x1b" not in output
    assert "\n::error" not in output
