"""Finds credentials in text: which kind stands where. Values are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from registry_tool.security.credential_checks import has_right_checksum
from registry_tool.security.credential_kinds import ALL_KINDS, CredentialKind
from registry_tool.security.placeholders import digest, is_documented_sample, is_placeholder

_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_REST = re.compile(r"[A-Za-z0-9_-]*+")  # a pattern may end before the word does
_LONG_WORD = re.compile(
    r"[A-Za-z0-9_/+=.:@-]{16}|PRIVATE KEY|[Pp][Aa][Ss][Ss][Ww]|[Pp][Ww][Dd]|://"
)
"""Every credential has a word of at least 16 such characters, or stands behind one of these."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A place that holds a secret: its line and column from 1, and what kind it is.

    `doubtful` tells that harmless texts look like this, too; `digest` is the value's SHA-256, hexadecimal.
    """

    line: int
    column: int
    kind: str
    doubtful: bool = field(default=False, compare=False)
    digest: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    kind: CredentialKind
    value: str


def secrets_in(content: bytes) -> Iterator[Secret]:
    """Each line's first secret in a file; binary files are read, too. Samples and placeholders are none."""
    text = content.decode("utf-8", "replace")
    at, line, last = 0, 1, 0
    for match in sorted(_matches(text), key=lambda match: (match.start, match.kind.guess)):
        line += text.count("\n", at, match.start)
        at = match.start
        if line == last or _is_sample(match):
            continue
        line_start = text.rfind("\n", 0, at) + 1
        last = line
        yield Secret(
            line, at - line_start + 1, match.kind.name, match.kind.guess, digest(match.value)
        )


def spans_in(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of everything that looks like a credential, samples too, without overlaps, in order."""
    end = key_end = 0
    for match in sorted(_matches(text), key=lambda match: (match.start, match.end)):
        if match.start < key_end:
            continue  # its end is known
        start, stop = _whole(match, text)
        if "PRIVATE KEY" in match.value:
            key_end = stop
        if stop > end:
            yield max(start, end), (end := stop)


def _matches(text: str) -> Iterator[_Match]:
    if _LONG_WORD.search(text) is None:
        return
    folded = text.lower()
    for number, kind in enumerate(ALL_KINDS):
        where = folded if kind.folded else text
        if not any(mark in where for mark in kind.marks):
            continue
        pattern = _compiled(number)
        group = 1 if pattern.groups else 0
        for found in _anchored(pattern, kind, text) if kind.anchored else pattern.finditer(text):
            (start, end), value = found.span(group), found[group]
            if kind.check is None or kind.check(text, start, end, value):
                yield _Match(start, end, kind, value)


def _anchored(pattern: re.Pattern[str], kind: CredentialKind, text: str) -> Iterator[re.Match[str]]:
    """The matches at each place of a mark: looking for a literal is many times faster than for a pattern."""
    for mark in kind.marks:
        at = text.find(mark)
        while at >= 0:
            found = pattern.match(text, at)
            if found:
                yield found
            at = text.find(mark, found.end() if found else at + 1)


@cache
def _compiled(number: int) -> re.Pattern[str]:
    kind = ALL_KINDS[number]
    return re.compile(kind.pattern, re.ASCII | (re.IGNORECASE if kind.folded else 0))


def _is_sample(match: _Match) -> bool:
    """Whether a match only shows what a credential looks like; a right checksum says that it is one."""
    if has_right_checksum(match.value):
        return False
    mark = next((mark for mark in match.kind.marks if match.value.startswith(mark)), "")
    return is_documented_sample(match.value) or is_placeholder(match.value[len(mark) :])


def _whole(match: _Match, text: str) -> tuple[int, int]:
    """All of it: a private key to its end, or to the text's; other kinds to the end of the word."""
    if "PRIVATE KEY" in match.value:
        end = _PEM_END.search(text, match.end)
        return match.start, end.end() if end else len(text)
    rest = _REST.match(text, match.end)
    return match.start, rest.end() if rest else match.end
