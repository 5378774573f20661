"""Findings for people: the source line, a caret, the fix; and what every foreign text passes to be shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from registry_tool.core.finding import Finding, Severity

_COLOURS = {Severity.ERROR: 31, Severity.HOLD: 35, Severity.WARNING: 33, Severity.INFO: 36}
_UNSAFE = re.compile(  # and half a character, which no stream can carry
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff]"
)
_COMMAND = re.compile(
    r"(?m)(^[^\S\n]*|(?<=#))([:#])(?=:|\[)"
)  # line by line: `^\s*` would be quadratic
_WIDEST = 160
_SECRETS = "secrets"  # the rule that found one in a line: what can't be covered there is not shown


def inert(text: str) -> str:
    """A foreign text as every report, log line and error shows it: no secret in it, and nothing that is obeyed."""
    from registry_tool.security.redact import redact_secrets

    return escaped(redact_secrets(text))


def escaped(text: str) -> str:
    """Text without anything that a terminal or an Action job obeys; such characters are shown as \\u escapes.

    A job obeys lines that begin with `::` and `##[` anywhere (GitHub's workflow commands).
    """
    text = visible(text)
    return _COMMAND.sub(lambda match: f"{match[1]}\\u{ord(match[2]):04x}", text)


def visible(text: str) -> str:
    """Text with control, direction and hidden characters as \\u escapes; JSON text stays the same JSON."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def text_report(
    findings: Iterable[Finding], source: Callable[[str], str | None], *, colour: bool = False
) -> str:
    """All findings as text. `source` gives a file's text by path, None where it can't."""
    lines_of = cache(lambda path: _source_lines(source(path)))
    listed = list(findings)
    secret = {(one.path, one.line) for one in listed if one.rule == _SECRETS}
    return "\n".join(
        "\n".join(_finding(one, lines_of(one.path), colour, (one.path, one.line) in secret))
        for one in listed
    )


def _source_lines(text: str | None) -> list[tuple[str, bool]]:
    """A file's lines without their secrets, each with whether it had one; none where a look costs too much."""
    from registry_tool.security.encodings import TooMuchError
    from registry_tool.security.redact import MOST_DECODED, masked_lines

    if text is None:
        return []
    try:
        covered = masked_lines(text, MOST_DECODED)
    except TooMuchError:
        return []
    return [(line, line != was) for line, was in zip(covered, text.splitlines(), strict=True)]


def _paint(text: str, code: int, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text


def _finding(
    finding: Finding, lines: list[tuple[str, bool]], colour: bool, secret: bool
) -> Iterator[str]:
    location = f"{finding.path}:{finding.line}:{finding.column}" if finding.line else finding.path
    level = _paint(finding.severity.value, _COLOURS[finding.severity], colour)
    yield f"{inert(location)}: {level}[{finding.rule}]: {inert(finding.message)}"
    text, covered = lines[finding.line - 1] if 0 < finding.line <= len(lines) else ("", False)
    if 0 < finding.line <= len(lines) and (covered or not secret):
        line = escaped(text.replace("\t", " "))
        gutter = f"{finding.line:>5} | "
        yield f"{gutter}{line[:_WIDEST]}"
        if 0 < finding.column <= _WIDEST:
            yield " " * (len(gutter) + finding.column - 1) + _paint("^", 32, colour)
    if finding.help:
        yield f"      = help: {inert(finding.help)}"
