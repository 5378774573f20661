"""A registry that is only read through its API, as a tree: names, versions, and files of those asked for.

Owners, yanks and settings are not part of it: whoever judges on it says that they were not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry_tool.core.errors import NotFoundError
from registry_tool.sources.reader import Reader
from registry_tool.store import paths
from registry_tool.store.tree import TreeFile, blob_id

_REGULAR = "100644"


class ReaderTree:
    """Versions of a reader's registry by their paths; a version's package is fetched when a file of it is read."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, str], Mapping[str, bytes]] = {}

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """All files below a version's folder or a folder in it, sorted by path."""
        location = paths.version_of(f"{prefix}/")
        for path in sorted(self._version(*location[:2])) if location else ():
            full = f"{paths.version_dir(*location[:2])}/{path}" if location else ""
            if full.startswith(f"{prefix}/"):
                yield TreeFile(full, _REGULAR)

    def read(self, path: str) -> bytes:
        """A file's bytes; `NotFoundError` where there is none."""
        location = paths.version_of(path)
        files = self._version(*location[:2]) if location else {}
        if location is None or location[2] not in files:
            raise NotFoundError("there is no such file", location=path)
        return files[location[2]]

    def size(self, path: str) -> int:
        """A file's size in bytes."""
        return len(self.read(path))

    def folders(self, prefix: str) -> list[str]:
        """Workflows' names, or a workflow's versions."""
        if prefix == paths.WORKFLOWS:
            return list(self._reader.names())
        name = prefix.removeprefix(f"{paths.WORKFLOWS}/")
        return sorted(c.version for c in self._reader.versions(name)) if "/" not in name else []

    def has(self, path: str) -> bool:
        """True where a workflow, a version or a file stands at `path`."""
        return bool(self.mode(path))

    def mode(self, path: str) -> str:
        """The git mode of what stands at `path`, empty where nothing does."""
        if paths.version_of(path) is None:
            above, _, last = path.rpartition("/")
            in_line = above.startswith(f"{paths.WORKFLOWS}/") and last in self.folders(above)
            return "40000" if in_line or self.folders(path) else ""
        try:
            self.read(path)
        except NotFoundError:
            return "40000" if any(self.files(path)) else ""
        return _REGULAR

    def object_id(self, path: str) -> str:
        """The blob id of a file; of a folder its own path, since its files are compared one by one."""
        mode = self.mode(path)
        return blob_id(self.read(path)) if mode == _REGULAR else path if mode else ""

    def _version(self, name: str, version: str) -> Mapping[str, bytes]:
        if (name, version) not in self._known:
            found = next((c for c in self._reader.versions(name) if c.version == version), None)
            self._known[name, version] = self._reader.files(found) if found else {}
        return self._known[name, version]
