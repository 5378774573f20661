"""Files on top of a tree, as a merge would lay them; and the tree that holds nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from registry_tool.core.errors import NotFoundError
from registry_tool.store.tree import RegistryTree, TreeFile, blob_id


class EmptyTree:
    """A tree without files: what is known of a registry where there is none."""

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """Nothing."""
        del prefix
        yield from ()

    def read(self, path: str) -> bytes:
        """`NotFoundError`."""
        raise NotFoundError("there is no such file", location=path)

    def size(self, path: str) -> int:
        """`NotFoundError`."""
        raise NotFoundError("there is no such file", location=path)

    def folders(self, prefix: str) -> list[str]:
        """None."""
        del prefix
        return []

    def has(self, path: str) -> bool:
        """False."""
        return bool(self.mode(path))

    def mode(self, path: str) -> str:
        """Empty."""
        del path
        return ""

    def object_id(self, path: str) -> str:
        """Empty."""
        return self.mode(path)


class OverlayTree:
    """`base` with files written: (git mode, bytes, size) by path from the root."""

    def __init__(self, base: RegistryTree, written: Mapping[str, tuple[str, bytes, int]]) -> None:
        self._base, self._written = base, dict(sorted(written.items()))

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """All files below a folder, sorted by path."""
        found = {file.path: file for file in self._base.files(prefix)}
        found |= {path: TreeFile(path, self._written[path][0]) for path in self._below(prefix)}
        yield from (found[path] for path in sorted(found))

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        return self._written[path][1] if path in self._written else self._base.read(path)

    def size(self, path: str) -> int:
        """A file's size in bytes."""
        return self._written[path][2] if path in self._written else self._base.size(path)

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders right below a folder, sorted."""
        inside = (path[len(prefix) + 1 :].split("/", 1) for path in self._below(prefix))
        new = {parts[0] for parts in inside if len(parts) > 1}
        return sorted(new.union(self._base.folders(prefix)))

    def has(self, path: str) -> bool:
        """True where a file or folder stands at `path`."""
        return path in self._written or bool(self._below(path)) or self._base.has(path)

    def mode(self, path: str) -> str:
        """The git mode of what stands at `path`, empty where nothing does."""
        if path in self._written:
            return self._written[path][0]
        return "40000" if self._below(path) else self._base.mode(path)

    def object_id(self, path: str) -> str:
        """The blob id of a file; of a folder with written files an id that no other folder has."""
        if path in self._written:
            return blob_id(self._written[path][1])
        below = self._below(path)
        if not below:
            return self._base.object_id(path)
        contents = "\n".join(f"{one} {self.object_id(one)}" for one in below)
        return hashlib.sha256(f"overlay\n{contents}".encode("utf-8", "surrogateescape")).hexdigest()

    def _below(self, prefix: str) -> list[str]:
        return [path for path in self._written if path.startswith(f"{prefix}/")]
