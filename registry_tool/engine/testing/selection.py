"""Which test cases a person means: by a part of their names, or by a pattern with `*` and `?`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from registry_tool.core.errors import UsageError
from registry_tool.core.suggest import perhaps

_WILD = frozenset("*?[")
_MOST = 50


def cases_named(names: Sequence[str], wanted: Iterable[str], location: str = "") -> frozenset[str]:
    """The names that any of `wanted` means; `UsageError`, which lists the names, for one that means none.

    A name as it is means that case alone; else upper and lower case are the same.
    """
    return frozenset(name for word in wanted for name in _meant(names, word, location))


def _meant(names: Sequence[str], word: str, location: str) -> list[str]:
    if word in names:
        return [word]
    folded = word.casefold()
    if _WILD & set(word):
        found = [name for name in names if fnmatchcase(name.casefold(), folded)]
    else:
        found = [name for name in names if folded in name.casefold()]
    if folded.strip() and found:
        return found
    more = f", and {len(names) - _MOST} more" if len(names) > _MOST else ""
    have = ", ".join(repr(name) for name in names[:_MOST]) or "none"
    raise UsageError(
        f"no test is named like {word!r}",
        location=location,
        hint=f"{perhaps(word, names)}the tests are {have}{more}",
    )
