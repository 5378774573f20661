"""Whether one commit follows on another, found from the few commits between them, without a process of git's.

State branches are asked after each write and read, and are then a commit or two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

_NEAR: Final = 32
"""Commits that are looked at before git is asked, which knows quicker ways through a long history."""

Parents = Callable[[str], Sequence[str] | None]
"""The parents of a commit, None where it isn't here."""


def follows(commit: str, ancestor: str, parents: Parents) -> bool | None:
    """Whether a commit is, or follows on, another one; None where a short way doesn't tell."""
    if parents(commit) is None or parents(ancestor) is None:
        return None
    if commit == ancestor or _leads(commit, ancestor, parents):
        return True
    return False if _leads(ancestor, commit, parents) else None


def _leads(commit: str, ancestor: str, parents: Parents) -> bool:
    """Whether a line of single parents leads from a commit to an ancestor nearby."""
    for _ in range(_NEAR):
        above = parents(commit) or ()
        if ancestor in above:
            return True
        if len(above) != 1:
            return False
        commit = above[0]
    return False


def parents_in(commit: bytes) -> list[str]:
    """The parents that a commit object names (gitformat: its head ends with the first empty line)."""
    head = commit.partition(b"\n\n")[0]
    lines = (line.split(b" ") for line in head.split(b"\n"))
    return [words[1].decode("ascii") for words in lines if words[0] == b"parent"]
