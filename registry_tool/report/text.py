"""Findings for people: the source line, a caret, the way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from registry_tool.core.finding import Finding, Severity

_COLOURS = {Severity.ERROR: 31, Severity.HOLD: 35, Severity.WARNING: 33, Severity.INFO: 36}
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
_COMMAND = re.compile(r"(?m)(^\s*|(?<=#))([:#])(?=:|\[)")
_WIDEST = 160


def inert(text: str) -> str:
    """Text without anything that a terminal or an Action job obeys; such characters are shown as \\u escapes.

    A job obeys lines that begin with `::` and `##[` anywhere (GitHub's workflow commands).
    """
    text = _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return _COMMAND.sub(lambda match: f"{match[1]}\\u{ord(match[2]):04x}", text)


def text_report(
    findings: Iterable[Finding], source: Callable[[str], str | None], *, colour: bool = False
) -> str:
    """All findings as text. `source` gives a file's text by path, None where it can't."""
    return "\n".join(
        "\n".join(_finding(finding, source(finding.path), colour)) for finding in findings
    )


def _paint(text: str, code: int, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _finding(finding: Finding, source: str | None, colour: bool) -> Iterator[str]:
    place = f"{finding.path}:{finding.line}:{finding.column}" if finding.line else finding.path
    level = _paint(finding.severity.value, _COLOURS[finding.severity], colour)
    yield f"{inert(place)}: {level}[{finding.rule}]: {inert(finding.message)}"
    lines = source.splitlines() if source is not None else []
    if 0 < finding.line <= len(lines):
        line = inert(lines[finding.line - 1].replace("\t", " "))
        gutter = f"{finding.line:>5} | "
        yield f"{gutter}{line[:_WIDEST]}"
        if 0 < finding.column <= _WIDEST:
            yield " " * (len(gutter) + finding.column - 1) + _paint("^", 32, colour)
    if finding.help:
        yield f"      = help: {inert(finding.help)}"
