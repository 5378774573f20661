"""Versions: SemVer 2.0.0 values and their order (https://semver.org)."""

from __future__ import annotations

from functools import cache, total_ordering
from typing import Literal

import semver

Bump = Literal["major", "minor", "patch", "prerelease", "none"]


@total_ordering
class Version:
    """A parsed version. Order is SemVer precedence; build metadata breaks ties as text."""

    __slots__ = ("_parsed", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._parsed = semver.Version.parse(text)

    @property
    def is_prerelease(self) -> bool:
        """True for 1.0.0-rc.1."""
        return self._parsed.prerelease is not None

    @property
    def release(self) -> tuple[int, int, int]:
        """Major, minor, patch."""
        return (self._parsed.major, self._parsed.minor, self._parsed.patch)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __lt__(self, other: Version) -> bool:
        order = self._parsed.compare(other._parsed)
        return order < 0 or (order == 0 and self.text < other.text)

    def __repr__(self) -> str:
        return f"Version({self.text!r})"


@cache
def parse(text: str) -> Version:
    """The version that `text` spells; `ValueError` where it is not a SemVer 2.0.0 version."""
    return Version(text)


def bump_between(old: str, new: str) -> Bump:
    """The leftmost part by which two versions differ."""
    before, after = parse(old), parse(new)
    names: tuple[Bump, Bump, Bump] = ("major", "minor", "patch")
    for name, one, other in zip(names, before.release, after.release, strict=True):
        if one != other:
            return name
    return "none" if before == after else "prerelease"
