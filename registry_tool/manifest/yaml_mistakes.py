"""Mistakes in YAML that the parser tells in its own words, or far from where they were made."""

from __future__ import annotations

import re

from registry_tool.core.records import Record

Mistake = tuple[int, int, str, str]
"""Line and column from 1, what is wrong, the fix."""

_BLOCK = re.compile(r"(?:^|[:\-]\s+|\s)[|>][-+0-9]*\s*(?:#.*)?$")
_BARE = re.compile(r"(?:[:\-,]\s+|\[\s*)(\{\{[^{}\n]*(?:\}\})?)")
_KEY = re.compile(r"\s*(?:-\s+)*([A-Za-z0-9_-]{1,64}):\s")
_RESERVED = {"@": "@", "`": "a backtick", "%": "%"}


def explained(text: str, problem: str, line: int, column: int) -> Mistake | None:
    """The mistake behind a parser's problem at a place, where it is a known one."""
    lines = text.split("\n")
    return (
        _tab(lines, line, column, problem)
        or _open_quote(lines, line, column)
        or _reserved(lines, line, column)
        or bare_template(lines, line, column)
        or _second_colon(lines, line, column, problem)
    )


def _tab(lines: list[str], line: int, column: int, problem: str) -> Mistake | None:
    """A tab in the indentation of the line, at the very place, or in the gap before it."""
    shown = lines[line - 1] if line <= len(lines) else ""
    before = shown[: column - 1]
    indent = shown[: len(shown) - len(shown.lstrip(" \t"))]
    gap = before[len(before.rstrip(" \t")) :] + shown[column - 1 : column]
    at = indent.find("\t")
    if at < 0 and ("tab" in problem or "\t" in gap):
        at = shown.find("\t", 0 if "tab" in problem else len(before.rstrip(" \t")))
    if at < 0:
        return None
    return (
        line,
        at + 1,
        "not YAML: a tab stands here, and YAML is indented with spaces",
        "replace the tab by spaces (two a level); editors can do that for the whole file",
    )


def _open_quote(lines: list[str], line: int, column: int) -> Mistake | None:
    """A quote that was never closed, or by the next quote that the text happens to have."""
    for quoted in _quoted(lines):
        ends_before = quoted.end is not None and quoted.end[0] == line and quoted.end[1] < column
        runs_out = quoted.end is None
        if runs_out or (quoted.start[0] < line and ends_before):
            at, sign = quoted.start, quoted.sign
            return (
                *at,
                f"not YAML: the quote {sign} that opens here is not closed in its line",
                f"close it with {sign}; inside, write {_escape(sign)} for the sign itself",
            )
    return None


def _escape(sign: str) -> str:
    return "''" if sign == "'" else '\\"'


def _reserved(lines: list[str], line: int, column: int) -> Mistake | None:
    sign = lines[line - 1][column - 1 : column] if line <= len(lines) else ""
    if sign not in _RESERVED or not sign:
        return None
    return (
        line,
        column,
        f"not YAML: a value can't begin with {_RESERVED[sign]}",
        "write it in quotes",
    )


def bare_template(lines: list[str], line: int, column: int) -> Mistake | None:
    """A value that begins with a template outside quotes, which YAML reads as an object in an object."""
    shown = lines[line - 1] if line <= len(lines) else ""
    match = next((m for m in _BARE.finditer(shown) if m.start(1) <= column), None)
    if match is None:
        return None
    return (
        line,
        match.start(1) + 1,
        "not YAML: a value that begins with {{ must stand in quotes",
        f'write it in quotes: "{match[1]}"' if match[1].endswith("}}") else "write it in quotes",
    )


def _second_colon(lines: list[str], line: int, column: int, problem: str) -> Mistake | None:
    """A colon inside a plain text, which YAML reads as the end of a further key."""
    shown = lines[line - 1] if line <= len(lines) else ""
    match = _KEY.match(shown)
    if "mapping values" not in problem or match is None or match.end() >= column:
        return None
    return (
        line,
        column,
        "not YAML: this colon would end a second key in one line",
        f'write the text after "{match[1]}:" in quotes',
    )


class _Quoted(Record, frozen=True):
    """A text in quotes: its sign, where it opens, and where it closes, if it does."""

    sign: str
    start: tuple[int, int]
    end: tuple[int, int] | None


def _quoted(lines: list[str]) -> list[_Quoted]:
    """Every text in quotes, not what stands in comments and in block scalars (`|`, `>`)."""
    found: list[_Quoted] = []
    sign, start, block = "", (0, 0), -1
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip(" "))
        if not sign and block >= 0 and (not line.strip() or indent > block):
            continue
        block, at = -1, 0
        while at < len(line):
            char = line[at]
            if sign:
                doubled = char == sign == "'" and line[at + 1 : at + 2] == "'"
                if doubled or (char == "\\" and sign == '"'):
                    at += 1
                elif char == sign:
                    found.append(_Quoted(sign, start, (number, at + 1)))
                    sign = ""
            elif char == "#" and (at == 0 or line[at - 1] in " \t"):
                break
            elif char in "\"'" and _begins_value(line[:at]):
                sign, start = char, (number, at + 1)
            at += 1
        if not sign and _BLOCK.search(line):
            block = indent
    return [*found, *([_Quoted(sign, start, None)] if sign else [])]


def _begins_value(before: str) -> bool:
    """Whether a quote after this text opens a value or key; inside a plain one it is a mere sign."""
    stripped = before.rstrip(" ")
    return not stripped or stripped[-1] in "[{," or (stripped[-1] in ":-?" and before != stripped)
