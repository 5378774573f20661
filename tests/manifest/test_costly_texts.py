"""Texts whose looks cost more than their length: each was superlinear once."""

from __future__ import annotations

import pytest

from registry_tool.core.finding import Problem, Severity, most_severe
from registry_tool.report.text import escaped
from registry_tool.rules.template_braces import _CLOSED
from registry_tool.store.git.environment import _OBJECT_FORMAT

LONG = 300_000


def test_many_empty_lines_are_escaped_line_by_line() -> None:
    text = "\n" * LONG + "::error::x"
    assert escaped(text) == "\n" * LONG + "\\u003a:error::x"


def test_an_indented_command_is_still_escaped() -> None:
    assert escaped("a\n \t::add-mask::x") == "a\n \t\\u003a:add-mask::x"


def test_a_brace_before_many_blanks() -> None:
    assert _CLOSED.search("{" + " " * LONG) is None
    assert _CLOSED.search("{ name }}") is not None


def test_a_configuration_of_empty_lines() -> None:
    assert _OBJECT_FORMAT.search(b"\n" * LONG) is None


@pytest.mark.parametrize("small", [Severity.WARNING, Severity.HOLD])
def test_many_small_problems_hide_no_large_one(small: Severity) -> None:
    problems = [*(Problem((), "small", "", small) for _ in range(50)), Problem((), "large")]
    assert most_severe(problems, 20)[0].message == "large"
