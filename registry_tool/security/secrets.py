"""Finds credentials in text: which kind stands where. Values are never kept.

One pass finds every literal that a credential begins with; patterns are tried only there.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from registry_tool.security.credential_checks import has_right_checksum, is_guessable
from registry_tool.security.credential_kinds.all_kinds import ALL_KINDS
from registry_tool.security.credential_kinds.kind import CredentialKind
from registry_tool.security.literals import Literals
from registry_tool.security.placeholders import digest, is_documented_sample, is_placeholder
from registry_tool.security.runs import CharacterRuns, plain_ascii

_PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_REST = re.compile(r"[A-Za-z0-9_-]*+")  # a pattern may end before the word does
# Every credential has a word of at least 16 such characters, or stands behind one of these.
_LONG_WORD = CharacterRuns((string.ascii_letters + string.digits + "_/+=.:@-").encode(), 16)
_BEHIND, _BEHIND_FOLDED = ("PRIVATE KEY", "://"), ("passw", "pwd")


@dataclass(frozen=True, slots=True)
class Secret:
    """A place that holds a secret: its line and column from 1, and what kind it is.

    `doubtful` says that harmless texts look like this, too; `digest` is the value's SHA-256, hexadecimal.
    Where the value is `guessable`, its digest must not be shown: whoever sees it can try values.
    """

    line: int
    column: int
    kind: str
    doubtful: bool = field(default=False, compare=False)
    digest: str = field(default="", compare=False)
    guessable: bool = field(default=False, compare=False)


class _Match(NamedTuple):
    """What a pattern found; whether it is a credential, `_is_sound` tells."""

    start: int
    guess: bool
    number: int
    """Of its kind, in `ALL_KINDS`."""
    end: int
    value: str

    @property
    def kind(self) -> CredentialKind:
        return ALL_KINDS[self.number]


def secrets_in(content: bytes) -> Iterator[Secret]:
    """Every secret in a file; binary files are read, too. Samples and placeholders don't count.

    Of two that overlap the first counts, unless it is a guess and the other isn't. A line's repeats don't count.
    """
    text = content.decode("utf-8", "replace")
    at, line, end = 0, 1, 0
    guessed = False
    seen: set[tuple[int, str]] = set()
    for match in sorted(_matches(text)):
        overlaps = match.start < end and not (guessed and not match.guess)
        if overlaps or not _is_sound(match, text) or _is_sample(match):
            continue
        line += text.count("\n", at, match.start)
        at, end, guessed = match.start, match.end, match.guess
        about = line, digest(match.value)
        if about in seen:
            continue
        seen.add(about)
        yield Secret(
            line,
            at - text.rfind("\n", 0, at),
            match.kind.name,
            match.guess,
            about[1],
            is_guessable(match.value),
        )


def spans_in(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of everything that looks like a credential, samples too, in order; what overlaps is one."""
    begin = end = key_end = 0
    for match in sorted(_matches(text), key=lambda match: (match.start, match.end)):
        if match.start < key_end or not _is_sound(match, text):
            continue  # a key's end is known
        start, stop = _whole(match, text)
        if "PRIVATE KEY" in match.value:
            key_end = stop
        if start >= end:
            if end:
                yield begin, end
            begin = start
        end = max(end, stop)
    if end:
        yield begin, end


def _matches(text: str) -> Iterator[_Match]:
    plain = plain_ascii(text)
    folded = plain.lower()
    if not _worth_a_look(plain, folded):
        return
    for where, ignoring_case in ((plain, False), (folded, True)):
        literals, kinds = _starts(ignoring_case)
        done = [0] * len(ALL_KINDS)
        for literal, location in literals.locations(where):
            for number, lead in kinds[literal]:
                at = location - lead
                if at >= done[number] and (found := _compiled(number).match(text, at)):
                    done[number] = found.end()
                    yield _match(number, found)
    for number in _without_starts():
        kind = ALL_KINDS[number]
        if any(mark in (folded if kind.folded else plain) for mark in kind.marks):
            for found in _compiled(number).finditer(text):
                yield _match(number, found)


def _worth_a_look(plain: str, folded: str) -> bool:
    return (
        _LONG_WORD.any_in(plain.encode())
        or any(mark in plain for mark in _BEHIND)
        or any(mark in folded for mark in _BEHIND_FOLDED)
    )


@cache
def _starts(folded: bool) -> tuple[Literals, list[list[tuple[int, int]]]]:
    """The literals that kinds start with; for each the kinds' numbers, and how far before it a match begins."""
    kinds: dict[str, list[tuple[int, int]]] = {}
    for number, kind in enumerate(ALL_KINDS):
        for start in kind.starts if kind.folded is folded else ():
            kinds.setdefault(start, []).append((number, kind.lead))
    return Literals(kinds), list(kinds.values())


@cache
def _without_starts() -> list[int]:
    return [number for number, kind in enumerate(ALL_KINDS) if not kind.starts]


@cache
def _compiled(number: int) -> re.Pattern[str]:
    kind = ALL_KINDS[number]
    return re.compile(kind.pattern, re.ASCII | (re.IGNORECASE if kind.folded else 0))


def _match(number: int, found: re.Match[str]) -> _Match:
    group = 1 if found.re.groups else 0
    start, end = found.span(group)
    return _Match(start, ALL_KINDS[number].guess, number, end, found[group])


def _is_sound(match: _Match, text: str) -> bool:
    """What the kind's check says: no pattern knows entropy, checksums or what a value decodes to."""
    check = match.kind.check
    return check is None or check(text, match.start, match.end, match.value)


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
