from __future__ import annotations

from typing import Any

import pytest

from registry_tool.report.info import info_text

FOUND: Any = {
    "metadata": {
        "name": "greet",
        "version": "1.0.0",
        "description": "Greets",
        "author": "ada",
        "tags": ["a", "b"],
    },
    "spec": {
        "interface": {
            "inputs": [
                {"name": "who", "type": "string", "required": True, "description": "whom"},
                {"name": "tone", "type": "string", "default": None, "enum": ["plain", "warm"]},
            ],
            "outputs": [{"name": "text", "type": "string"}],
        },
        "runtime": {"dependencies": {"workflows": [{"name": "base", "version": "^1"}]}},
    },
    "status": {"digest": "sha256:x"},
}


def test_everything_that_a_user_needs_stands_there() -> None:
    assert info_text(FOUND).splitlines() == [
        "greet:1.0.0  Greets",
        "author     ada",
        "tags       a, b",
        "digest     sha256:x",
        "input      who: string (required)  whom",
        "input      tone: string (default null; one of plain, warm)",
        "output     text: string",
        "requires   base ^1",
    ]


@pytest.mark.parametrize(
    ("notice", "line"),
    [
        (
            {"level": "block", "reason": "It leaks.", "replacement": "1.0.1"},
            "yanked     It leaks; use 1.0.1 instead",
        ),
        ({"level": "warn", "reason": "Slow.", "replacement": None}, "warn       Slow."),
    ],
)
def test_a_notice_is_said(notice: Any, line: str) -> None:
    assert line in info_text({**FOUND, "status": {"notice": notice}}).splitlines()


def test_little_is_said_of_little_and_nothing_is_obeyed() -> None:
    found: Any = {"metadata": {"name": "x", "version": "1", "author": "\x1b]0;x"}, "spec": {}}
    assert info_text({**found, "status": {}}).splitlines() == ["x:1  ", "author     \\u001b]0;x"]
