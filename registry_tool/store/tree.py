"""A registry's files, wherever they are: a folder or a commit."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, runtime_checkable

from registry_tool.core.errors import NotFoundError
from registry_tool.core.records import Record


class TreeFile(Record, frozen=True):
    """One file: path from the root with `/`, and its git mode."""

    path: str
    mode: str


class Tree(Protocol):
    """Something that lists and reads files."""

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """All files below a folder, sorted by path; nothing where there is no such folder."""

    def read(self, path: str) -> bytes:
        """A file's bytes; `NotFoundError` where there is none."""

    def size(self, path: str) -> int:
        """A file's size in bytes, without reading it; `NotFoundError` where there is none."""


@runtime_checkable
class BatchTree(Protocol):
    """A tree that reads many files in one go."""

    def contents(self, prefix: str, after: int = 0) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of all files below a folder but the first ones, by path."""


def contents_below(tree: Tree, prefix: str) -> dict[str, bytes]:
    """The bytes of all files below a folder, by their paths from there; in one go where the tree can."""
    if isinstance(tree, BatchTree):
        found = tree.contents(prefix)
    else:
        found = ((file.path, tree.read(file.path)) for file in tree.files(prefix))
    return {path.removeprefix(f"{prefix}/"): data for path, data in found}


class RegistryTree(Tree, Protocol):
    """A tree whose folders can be asked one by one, so that a check costs what it looks at."""

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders right below a folder, sorted."""

    def has(self, path: str) -> bool:
        """True where a file or folder stands at `path`."""

    def mode(self, path: str) -> str:
        """The git mode of what stands at `path`, empty where nothing does."""

    def object_id(self, path: str) -> str:
        """Equal for equal files and folders of one kind of tree; empty where nothing stands at `path`."""


def blob_id(data: bytes) -> str:
    """git's id of a file's bytes (SHA-1)."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _git_mode(mode: int) -> str:
    """The mode that git gives to what a system's mode tells of; empty for what git doesn't store."""
    if stat.S_ISLNK(mode):
        return "120000"
    if stat.S_ISDIR(mode):
        return "40000"
    if not stat.S_ISREG(mode):
        return ""
    return "100755" if mode & 0o100 else "100644"


class FolderTree:
    """Files in a folder, as git would store them: pipes, sockets and devices are none."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """All files below a folder, sorted by path."""
        start = self.root / prefix
        if start.is_dir():
            yield from sorted(self._walk(str(start), prefix), key=lambda file: file.path)

    def _walk(self, folder: str, prefix: str) -> Iterator[TreeFile]:
        with os.scandir(folder) as entries:
            for entry in entries:
                path = f"{prefix}/{entry.name}"
                if entry.is_symlink():
                    yield TreeFile(path, "120000")
                elif entry.is_dir():
                    yield from self._walk(entry.path, path)
                elif mode := _git_mode(entry.stat().st_mode):
                    yield TreeFile(path, mode)

    def read(self, path: str) -> bytes:
        """A file's bytes; a symlink's target, as git stores it."""
        where = self.root / path
        try:
            mode = _git_mode(where.lstat().st_mode)
            if mode == "120000":
                return os.fsencode(where.readlink())
            if mode:
                return where.read_bytes()
        except OSError as error:
            raise NotFoundError(f"can't be read: {error.strerror}", location=path) from None
        raise NotFoundError("is not a regular file", location=path)

    def size(self, path: str) -> int:
        """A file's size in bytes; a symlink's own."""
        try:
            return (self.root / path).lstat().st_size
        except OSError as error:
            raise NotFoundError(f"can't be read: {error.strerror}", location=path) from None

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders right below a folder, sorted."""
        try:
            with os.scandir(self.root / prefix) as entries:
                return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False))
        except OSError:
            return []

    def has(self, path: str) -> bool:
        """True where a file or folder stands at `path`."""
        return bool(self.mode(path))

    def mode(self, path: str) -> str:
        """The git mode of what stands at `path`, empty where nothing does."""
        try:
            return _git_mode((self.root / path).lstat().st_mode)
        except OSError:
            return ""

    def object_id(self, path: str) -> str:
        """The blob id of a file; of a folder a hash over its files."""
        mode = self.mode(path)
        if mode != "40000":
            return blob_id(self.read(path)) if mode else ""
        contents = "\n".join(
            f"{file.mode} {file.path[len(path) :]} {blob_id(self.read(file.path))}"
            for file in self.files(path)
        )
        return hashlib.sha256(contents.encode("utf-8", "surrogateescape")).hexdigest()
