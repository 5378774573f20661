"""A commit's files, read from git's objects; nothing is checked out.

Tree objects are read one by one on the way down, so that a path costs its depth and a folder its own entries,
whatever else the registry holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from registry_tool.core.errors import NotFoundError
from registry_tool.core.records import Record
from registry_tool.store.git.repository import Repository
from registry_tool.store.git.tree_entries import child_of, entries_of
from registry_tool.store.tree import TreeFile

TREE_MODE = "40000"
_TREE = TREE_MODE.encode()
_LARGE = 2**15
_OFTEN = 32
"""Entries that are looked for one by one in a large tree: each looks through it, and a full build would take the
square of its workflows. Whoever looks for more has all of it parsed."""


_MOST = 4096
"""Folders that are known at once. A server's tree lives long, and is asked for every workflow, and for some that
aren't there; large trees stay, since each takes long to parse."""


class _Entry(Record, frozen=True):
    mode: str
    object_id: str


class GitTree:
    """The files of a commit or tree."""

    def __init__(self, repository: Repository, tree: str) -> None:
        self.repository = repository
        self.tree = tree
        self._trees: dict[str, Mapping[bytes, tuple[bytes, bytes, bytes]]] = {}
        self._bytes: dict[str, bytes] = {}
        self._looked: Counter[str] = Counter()
        self._root: str | None = None
        self._folders_found: dict[str, _Entry | None] = {}

    @staticmethod
    def of(tree: object) -> GitTree:
        """A tree that is known to be a commit's."""
        if not isinstance(tree, GitTree):
            raise TypeError("not a commit's files")
        return tree

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """All files below a folder, sorted by path; submodules have mode 160000."""
        entry = self._find(prefix)
        if entry is not None and entry.mode == TREE_MODE:
            yield from sorted(self._walk(entry.object_id, prefix), key=lambda file: file.path)

    def contents(self, prefix: str, after: int = 0) -> Iterator[tuple[str, bytes]]:
        """(path, bytes) of all files below a folder but the first ones, by path: many files in one go."""
        paths = [file.path for file in self.files(prefix)][after:]
        ids = [self._file(path).object_id for path in paths]
        yield from zip(paths, self.repository.objects(ids), strict=True)

    def folders(self, prefix: str) -> list[str]:
        """Names of the folders right below a folder, sorted."""
        entry = self._find(prefix)
        if entry is None or entry.mode != TREE_MODE:
            return []
        return self._folders(entry.object_id)

    def folders_at_root(self) -> list[str]:
        """Names of the folders of the tree itself, sorted."""
        return self._folders(self.repository.tree_id(self.tree))

    def _folders(self, tree: str) -> list[str]:
        return sorted(
            name.decode("utf-8", "surrogateescape")
            for name, child in self._entries(tree).items()
            if child[0] == _TREE
        )

    def has(self, path: str) -> bool:
        """True where a file or folder stands at `path`."""
        return self._find(path) is not None

    def read(self, path: str) -> bytes:
        """A file's bytes; a symlink's target."""
        return self.repository.object(self._file(path).object_id)

    def expect(self, paths: Iterable[str]) -> None:
        """Have the files among these that are there ready to be read, in one go."""
        self.repository.bring(filter(None, map(self.object_id, paths)))

    def size(self, path: str) -> int:
        """A file's size in bytes, without reading it."""
        entry = self._file(path)
        return 0 if entry.mode == "160000" else self.repository.size(entry.object_id)

    def mode(self, path: str) -> str:
        """The git mode of what stands at `path`, empty where nothing does."""
        entry = self._find(path)
        return entry.mode if entry else ""

    def object_id(self, path: str) -> str:
        """The id of the blob or tree at `path`, empty where there is none."""
        entry = self._find(path)
        return entry.object_id if entry else ""

    def _file(self, path: str) -> _Entry:
        entry = self._find(path)
        if entry is None or entry.mode == TREE_MODE:
            raise NotFoundError("there is no such file", location=path)
        return entry

    def _walk(self, tree: str, prefix: str) -> Iterator[TreeFile]:
        for raw_name, (mode, _, raw_id) in self._entries(tree).items():
            path = f"{prefix}/{raw_name.decode('utf-8', 'surrogateescape')}"
            if mode == _TREE:
                yield from self._walk(raw_id.hex(), path)
            else:
                yield TreeFile(path, mode.decode())

    def _find(self, path: str) -> _Entry | None:
        """What stands at a path; the way to its folder is gone once, whatever is asked for below it."""
        folder, _, name = path.rpartition("/")
        known = self._folders_found
        if folder in known:
            return self._below(known[folder], name)
        if len(known) >= _MOST:
            self._forget()
        found = self._walk_down(folder.split("/") if folder else [])
        self._folders_found[folder] = found
        return self._below(found, name)

    def _forget(self) -> None:
        """Know large trees alone. Other threads may go on with what they hold."""
        large = {tree: raw for tree, raw in self._bytes.copy().items() if len(raw) >= _LARGE}
        self._trees = {tree: known for tree, known in self._trees.copy().items() if tree in large}
        self._looked = Counter({tree: self._looked[tree] for tree in large})
        self._bytes, self._folders_found = large, {}

    def _walk_down(self, parts: list[str]) -> _Entry | None:
        if self._root is None:
            self._root = self.repository.tree_id(self.tree)
        entry: _Entry | None = _Entry(TREE_MODE, self._root)
        for part in parts:
            entry = self._below(entry, part)
        return entry

    def _below(self, folder: _Entry | None, name: str) -> _Entry | None:
        if folder is None or folder.mode != TREE_MODE:
            return None
        found = self._child(folder.object_id, name.encode("utf-8", "surrogateescape"))
        return _Entry(found[0].decode(), found[2].hex()) if found else None

    def _child(self, tree: str, name: bytes) -> tuple[bytes, bytes, bytes] | None:
        """One entry of a tree; of a large one, nothing else is parsed while few are looked for."""
        raw = self._raw(tree)
        self._looked[tree] += 1
        if tree in self._trees or len(raw) < _LARGE or self._looked[tree] > _OFTEN:
            return self._entries(tree).get(name)
        return child_of(raw, name, len(tree) // 2, lambda: self._entries(tree))

    def _raw(self, tree: str) -> bytes:
        raw = self._bytes.get(tree)
        if raw is None:
            raw = self._bytes[tree] = self.repository.object(tree)
        return raw

    def _entries(self, tree: str) -> Mapping[bytes, tuple[bytes, bytes, bytes]]:
        """(mode, name, raw id) by raw name; left raw, since a tree may have tens of thousands."""
        found = self._trees.get(tree)
        if found is None:
            found = self._trees[tree] = entries_of(self._raw(tree), len(tree) // 2)
        return found
