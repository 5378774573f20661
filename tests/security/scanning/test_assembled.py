"""Texts in pieces come together, with line and column; calls that run a made text are found."""

from __future__ import annotations

import ast

import pytest

from registry_tool.security.scanning.assembled import CodeConstants

LONG = 500


def texts(code: str) -> list[str]:
    return [found.text for found in CodeConstants(ast.parse(code)).texts()]


@pytest.mark.parametrize(
    "code",
    [
        "x = 'sec' + 'ret'",
        "a = 'sec'\nb = 'ret'\nx = a + b",
        "a, b = 'sec', 'ret'\nx = a + b",
        "x = ''.join(chr(c ^ 1) for c in [114, 100, 98, 115, 100, 117])",
        "k = 1\nx = ''.join([chr(c - k) for c in (116, 102, 100, 115, 102, 117)])",
        "def f():\n    return 'terces'[::-1]",
        "x = {'a': ['sec' + 'ret']}",
    ],
)
def test_the_whole_is_found(code: str) -> None:
    assert "secret" in texts(code)


def test_the_place_is_reported() -> None:
    (found,) = CodeConstants(ast.parse("a = 1\nb = f(2, 'x' + 'y')")).texts()
    assert (found.line, found.column) == (2, 10)


def test_a_name_that_changes_its_mind_is_what_it_was_last() -> None:
    assert texts("a = 'x'\na = input()\nb = a + 'y'") == []


def test_a_chain_of_thousands_is_read_to_its_bound() -> None:
    found = texts("x = " + " + ".join(["'abc'"] * LONG))
    assert max(map(len, found)) == 3 * LONG


@pytest.mark.parametrize(
    "code",
    [
        "exec(a)",
        "eval('1' + a)",
        "__import__(n)",
        "compile(a, b, 'exec')",
        "builtins.exec(a)",
        "getattr(m, 'ev' + 'al')(a)",
        "m['exec'](a)",
    ],
)
def test_a_call_that_runs_a_text_is_found(code: str) -> None:
    assert list(CodeConstants(ast.parse(code)).runs())


@pytest.mark.parametrize(
    "code", ["eval('1')", "re.compile(a)", "execute(a)", "literal_eval(a)", "m.eval(a)", "exec()"]
)
def test_other_calls_run_none(code: str) -> None:
    assert list(CodeConstants(ast.parse(code)).runs()) == []
