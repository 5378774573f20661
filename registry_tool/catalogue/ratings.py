"""What downloads and ratings are made of: names of packages' files, and reactions of people. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.manifest.names import bad_name, bad_version

SUFFIX: Final = ".wfpkg"
LEAST_VOTES: Final = 3
"""Fewer than this many make no rating."""
VOTES: Final[Mapping[str, int]] = {
    **dict.fromkeys(("THUMBS_UP", "HEART", "HOORAY", "ROCKET", "LAUGH"), 5),
    "CONFUSED": 2,
    "THUMBS_DOWN": 1,
}
"""What each reaction gives, of 5; others say nothing."""


def workflow_of_file(file: str) -> str:
    """The workflow whose package a file's name says it is (`<name>-<version>.wfpkg`), or nothing."""
    stem = file.removesuffix(SUFFIX)
    if stem == file:
        return ""
    cuts = (place for place, sign in enumerate(stem) if sign == "-")
    found = (
        stem[:cut] for cut in cuts if not bad_name(stem[:cut]) and not bad_version(stem[cut + 1 :])
    )
    return next(found, "")


def downloads_by_name(files: Mapping[str, int]) -> dict[str, int]:
    """Downloads of workflows, from those of files."""
    found: dict[str, int] = {}
    for file, count in files.items():
        if name := workflow_of_file(file):
            found[name] = found.get(name, 0) + count
    return found


def rating_of(reactions: Mapping[str, int]) -> float | None:
    """The mean of what reactions give, of 5, to one decimal; None for fewer than `LEAST_VOTES`."""
    votes = sum(reactions.get(name, 0) for name in VOTES)
    if votes < LEAST_VOTES:
        return None
    return round(sum(reactions.get(name, 0) * value for name, value in VOTES.items()) / votes, 1)
