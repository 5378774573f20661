"""One kind of credential, and the commonest forms: a distinctive prefix, or a prefix that begins a word."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.core.records import Record

Check = Callable[[str, int, int, str], bool]
"""(text, start, end, value): whether what a pattern found there is one."""


class CredentialKind(Record, frozen=True):
    """One kind. The pattern's first group, or all of it, is the value.

    `marks` are literals of which each match holds one. `starts` are literals of which one stands where a match
    begins, or `lead` characters behind; without any, the pattern is looked for wherever the text has a mark.
    `guess` says that other things look like this, too. `folded`: letters' case does not matter, `marks` and
    `starts` are small then.
    """

    name: str
    marks: tuple[str, ...]
    pattern: str
    check: Check | None = None
    guess: bool = False
    folded: bool = False
    starts: tuple[str, ...] = ()
    lead: int = 0


START = r"(?<![A-Za-z0-9+])"

NOT_LONGER = r"(?![A-Za-z0-9])"

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def prefixed(name: str, prefixes: str, rest: str, check: Check | None = None) -> CredentialKind:
    """A distinctive prefix, wherever it stands: what is glued before it doesn't hide it."""
    marks = tuple(prefixes.split())
    pattern = f"(?:{'|'.join(map(_literal, marks))}){rest}"
    return CredentialKind(name, marks, pattern, check, starts=marks)


def word(name: str, prefixes: str, rest: str, check: Check | None = None) -> CredentialKind:
    """A prefix that other words may hold: a word begins with it and ends with the rest."""
    marks = tuple(prefixes.split())
    starts = "|".join(map(_literal, marks))
    pattern = f"{START}(?:{starts}){rest}{NOT_LONGER}"
    return CredentialKind(name, marks, pattern, check, starts=marks)


def _literal(text: str) -> str:
    return text.replace(".", r"\.").replace("$", r"\$").replace("+", r"\+")
