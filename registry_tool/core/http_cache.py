"""Documents that were fetched before: a folder of bounded size that several processes may use at once.

A document is one file, replaced whole: its first line says what it is and the hash of the rest, so that half a
file, another's or a damaged one is as good as none. What was used longest ago goes first. A folder that can't be
read or written costs time, never an error.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from registry_tool.core.codec import FileFormat, Stored
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json

USUAL_SIZE: Final = 256 * 2**20
_SPARED: Final = 0.8
"""The part of the limit that is left when the oldest are dropped."""
_LONGEST_LINE: Final = 2**14


class CacheEntry(Stored, frozen=True):
    """The first line of a file: the key, when it was fetched (RFC 3339), how to ask whether it has changed."""

    key: str
    fetched: str
    size: int
    sha256: str
    etag: str = ""
    modified: str = ""
    fresh: int = 0


_FORM: Final = FileFormat[CacheEntry](
    CacheEntry, "cached document", "puppyai.com/cached-document/v1"
)


@dataclass(frozen=True, slots=True)
class CachedDocument:
    """A document with the time at which it was fetched or last found unchanged.

    `etag` and `modified` are the validators of its answer (RFC 9110, section 8.8), `fresh` the seconds for which
    its server lets it be used without asking.
    """

    body: bytes
    fetched: str
    etag: str = ""
    modified: str = ""
    fresh: int = 0


class HttpCache:
    """Documents by a key, such as an address, in a folder of at most `limit` bytes; 0 keeps nothing."""

    def __init__(self, folder: Path, limit: int = USUAL_SIZE) -> None:
        self._folder, self._limit = folder, limit
        self._size: int | None = None

    def find(self, key: str) -> CachedDocument | None:
        """What was kept under a key; None where nothing was, or it is damaged."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                line = file.readline(_LONGEST_LINE)
                body = file.read(self._limit)
            os.utime(path)
        except OSError:
            return None
        try:
            entry = _FORM.read(line, str(path))
        except RegistryError:
            entry = None
        if entry is None or entry.key != key or not _is_whole(entry, body):
            with suppress(OSError):
                path.unlink()
            return None
        return CachedDocument(body, entry.fetched, entry.etag, entry.modified, entry.fresh)

    def keep(self, key: str, document: CachedDocument) -> None:
        """Keep a document in place of what was kept under its key."""
        body = document.body
        entry = CacheEntry(
            key=key,
            fetched=document.fetched,
            size=len(body),
            sha256=sha256(body).hexdigest(),
            etag=document.etag,
            modified=document.modified,
            fresh=document.fresh,
        )
        data = canonical_json(_FORM.value(entry)) + b"\n" + body
        if len(data) > self._limit:
            return
        with suppress(OSError):
            self._write(self._path(key), data)

    def _path(self, key: str) -> Path:
        name = sha256(key.encode()).hexdigest()
        return self._folder / name[:2] / name

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._bound(len(data))

    def _bound(self, more: int) -> None:
        """Drop what was used longest ago where the folder has become too large; half-written files, too."""
        if self._size is not None and self._size + more <= self._limit:
            self._size += more
            return
        files = self._files()
        self._size = sum(size for _, size, _ in files)
        if self._size <= self._limit:
            return
        for _, size, path in sorted(files):
            if self._size <= self._limit * _SPARED:
                return
            with suppress(OSError):
                path.unlink()
            self._size -= size

    def _files(self) -> list[tuple[int, int, Path]]:
        """Last use in nanoseconds, size in bytes and path of every file."""
        found = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):  # another process has dropped it meanwhile
                seen = path.stat()
                found.append((seen.st_mtime_ns, seen.st_size, path))
        return found


def _is_whole(entry: CacheEntry, body: bytes) -> bool:
    return len(body) == entry.size and sha256(body).hexdigest() == entry.sha256
