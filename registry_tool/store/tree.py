"""A registry's files, wherever they are: a folder or a commit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from registry_tool.core.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class TreeFile:
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


class FolderTree:
    """Files in a folder, as git would store them."""

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
                else:
                    executable = entry.stat().st_mode & 0o100
                    yield TreeFile(path, "100755" if executable else "100644")

    def read(self, path: str) -> bytes:
        """A file's bytes; a symlink's target, as git stores it."""
        where = self.root / path
        try:
            if where.is_symlink():
                return os.fsencode(where.readlink())
            return where.read_bytes()
        except OSError as error:
            raise NotFoundError(f"can't be read: {error.strerror}", place=path) from None

    def size(self, path: str) -> int:
        """A file's size in bytes; a symlink's own."""
        try:
            return (self.root / path).lstat().st_size
        except OSError as error:
            raise NotFoundError(f"can't be read: {error.strerror}", place=path) from None
