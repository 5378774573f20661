"""The known word that somebody probably meant by an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 200


def nearest(
    word: str, known: Iterable[str], cutoff: float = 0.6, *, longest: int = _LONGEST
) -> str:
    """The known word that is most like another, empty where none is.

    `cutoff` is the least ratio of `difflib`, from 0 to 1. Only the `longest` first characters are compared: that
    takes time by their square, and a stranger may have written them.
    """
    from difflib import get_close_matches

    return next(iter(get_close_matches(word[:longest], list(known), n=1, cutoff=cutoff)), "")


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`did you mean 'x'?`, or something else where no known word is near."""
    meant = nearest(word, known)
    return f"did you mean {meant!r}?" if meant else otherwise


def perhaps(word: str, known: Iterable[str]) -> str:
    """`did you mean …?` with a space behind it, to begin a sentence that lists all of them; else nothing."""
    meant = did_you_mean(word, known)
    return f"{meant} " if meant else ""
