"""What differs between two commits, file by file; renames are a removal and an addition."""

from __future__ import annotations

from registry_tool.core.records import Record
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.repository import Repository

ABSENT = "000000"


class Change(Record, frozen=True):
    """One path with its git modes and blob ids on both sides; mode ABSENT where there is no file.

    `readable` is False for a path that is not UTF-8; it is shown with escapes.
    """

    path: str
    old_mode: str
    new_mode: str
    old_blob: str
    new_blob: str
    readable: bool = True

    @property
    def kind(self) -> str:
        """added, deleted, modified, or retyped where only or also the mode differs."""
        if self.old_mode == ABSENT:
            return "added"
        if self.new_mode == ABSENT:
            return "deleted"
        return "modified" if self.old_mode == self.new_mode else "retyped"


def changes_between(repository: Repository, base: str, head: str) -> tuple[Change, ...]:
    """Every file that differs between two commits or trees, by path; one git call."""
    sides = (repository.object_name(base or EMPTY_TREE), repository.object_name(head))
    raw = repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", *sides)
    parts = raw.split(b"\0")
    return tuple(_change(about, path) for about, path in zip(parts[::2], parts[1::2], strict=False))


def _change(about: bytes, path: bytes) -> Change:
    old_mode, new_mode, old_blob, new_blob, _ = about.decode().lstrip(":").split()
    try:
        text, readable = path.decode("utf-8"), True
    except UnicodeDecodeError:
        text, readable = path.decode("utf-8", "backslashreplace"), False
    return Change(text, old_mode, new_mode, old_blob, new_blob, readable)


class Merge(Record, frozen=True):
    """The tree that merging would give, or the paths that conflict."""

    tree: str
    conflicts: tuple[str, ...] = ()


def merged(repository: Repository, base: str, head: str) -> Merge:
    """The result of merging `head` into `base`, without touching anything (git 2.38 or newer)."""
    base, head = repository.object_name(base), repository.object_name(head)
    try:
        out = repository.run(
            "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", base, head
        )
    except GitError as error:
        if error.stderr.strip():
            raise
        return Merge("", _conflicts(repository, base, head))
    return Merge(out.split(b"\0")[0].decode().strip())


def _conflicts(repository: Repository, base: str, head: str) -> tuple[str, ...]:
    """Paths that both sides changed since they parted."""
    parted = repository.text("merge-base", base, head)
    ours = {change.path for change in changes_between(repository, parted, base)}
    theirs = {change.path for change in changes_between(repository, parted, head)}
    return tuple(sorted(ours & theirs))
