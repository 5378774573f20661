"""Names as the eye takes them: the skeletons of UTS 39, and what a slip of a finger makes of a name."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from string import ascii_lowercase, digits
from typing import Final

_ALPHABET = ascii_lowercase + digits + "-"
# A name is lower-case ASCII with digits and hyphens (another rule), so of Unicode's confusables.txt
# (https://www.unicode.org/reports/tr39/, version 16) these rows can meet: 0 and o, 1 and l, m and rn.
# The rest are the shapes that copies of well-known names were given in package registries.
_UTS39: Final = (("rn", "m"), ("0", "o"), ("1", "l"))
_SHAPES: Final = (
    ("vv", "w"),
    ("cl", "d"),
    ("i", "l"),
    ("5", "s"),
    ("2", "z"),
    ("3", "e"),
    ("4", "a"),
    ("8", "b"),
)
_SHORTEST = 4  # names of three characters are all one edit from each other


@lru_cache(maxsize=200_000)
def skeleton(name: str) -> str:
    """A name with its hyphens left out and letters and digits of one shape made one."""
    text = name.replace("-", "")
    for shape, plain in (*_UTS39, *_SHAPES):
        text = text.replace(shape, plain)
    return text


def look_alike(name: str, known: Collection[str]) -> str:
    """A known name that is one edit away, hyphens aside, or looks the same; empty where there is none."""
    plain = {other.replace("-", ""): other for other in sorted(known, reverse=True)}
    wanted = known if isinstance(known, set | frozenset) else frozenset(known)
    bare = name.replace("-", "")
    if len(bare) >= _SHORTEST:
        for edited in sorted(edits(name)):
            if edited in wanted and len(edited) >= _SHORTEST:
                return edited
        for edited in sorted(edits(bare)):
            if len(edited) >= _SHORTEST and plain.get(edited, name) != name:
                return plain[edited]
    shape = skeleton(name)
    return next(
        (other for other in sorted(wanted) if other != name and skeleton(other) == shape), ""
    )


def edits(name: str) -> set[str]:
    """Every text one insertion, deletion, replacement or swap away (Damerau)."""
    parts = [(name[:i], name[i:]) for i in range(len(name) + 1)]
    found = {left + right[1:] for left, right in parts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    found |= {left + char + right[1:] for left, right in parts if right for char in _ALPHABET}
    found |= {left + char + right for left, right in parts for char in _ALPHABET}
    return found - {name}
