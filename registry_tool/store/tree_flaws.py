"""What is wrong with the tree objects that a change brings: what no diff shows, or shows as something else.

An empty tree makes a folder of which no diff tells; a tree under the mode of a file is one to whoever reads bytes;
equal, unsorted or odd names let two readers see two trees. Plain git writes none of them (`git fsck` lists them),
and merging takes over unchanged what only one side touched. Only trees that differ between the two sides are read.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass

from registry_tool.core.errors import NotFoundError
from registry_tool.core.git_names import is_git_file, is_git_folder
from registry_tool.store.git.repository import Repository
from registry_tool.store.git.tree_entries import raw_entries

MOST_ENTRIES = 200_000
DEEPEST = 64
_MOST_FLAWS = 50
_TREE, _SUBMODULE = b"40000", b"160000"
_REGULAR = (b"100644", b"100755")
_KINDS = {_TREE: "tree", b"100644": "blob", b"100755": "blob", b"120000": "blob"}

_Entry = tuple[bytes, bytes, bytes]


@dataclass(frozen=True, slots=True)
class TreeFlaw:
    """A path (of a folder, or of an entry in one) and what is wrong with its object."""

    path: str
    reason: str


def tree_flaws(repository: Repository, base: str, head: str) -> tuple[TreeFlaw, ...]:
    """Every flaw (at most 50) that `head`, a commit or tree, has and `base` hasn't, by path."""
    old, new = repository.tree_id(base), repository.tree_id(head)
    found: list[TreeFlaw] = []
    for flaw in _Walk(repository).flaws(old, new):
        found.append(flaw)
        if len(found) == _MOST_FLAWS:
            break
    return tuple(sorted(found, key=lambda flaw: flaw.path))


class _Walk:
    """Goes down both sides at once, and only where they differ."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._seen = 0

    def flaws(self, old: str, new: str) -> Iterator[TreeFlaw]:
        waiting = [("", old, new)]
        while waiting:
            path, old, new = waiting.pop()
            if path.count("/") >= DEEPEST:
                yield TreeFlaw(path, f"is more than {DEEPEST} folders deep")
                continue
            there, flaws = self._entries(path, new)
            yield from flaws
            if flaws:
                continue
            before = set(raw_entries(self._raw(old), len(new) // 2)[0]) if old else set()
            by_name = {name: (mode, raw_id) for mode, name, raw_id in before}
            fresh = [entry for entry in there if entry not in before]
            self._seen += len(fresh)
            if self._seen > MOST_ENTRIES:
                yield TreeFlaw(path, f"brings more than {MOST_ENTRIES} files and folders")
                return
            for mode, name, raw_id in fresh:
                location = f"{path}/{_text(name)}".lstrip("/")
                if reason := self._wrong(mode, name, raw_id.hex()):
                    yield TreeFlaw(location, reason)
                elif mode == _TREE:
                    was = by_name.get(name)
                    below = was[1].hex() if was and was[0] == _TREE else ""
                    waiting.append((location, below, raw_id.hex()))

    def _entries(self, path: str, tree: str) -> tuple[list[_Entry], list[TreeFlaw]]:
        """A tree's entries, and what is wrong with it as a whole."""
        entries, rest = raw_entries(self._raw(tree), len(tree) // 2)
        names = [name for _, name, _ in entries]
        if rest:
            return [], [TreeFlaw(path, "is a tree object that can't be read")]
        if not entries and path:
            return [], [TreeFlaw(path, "is an empty folder, which no diff shows")]
        if len(set(names)) != len(names):
            return [], [TreeFlaw(path, "is a tree object with two entries of one name")]
        keys = [name + b"/" if _sorts_as_folder(mode) else name for mode, name, _ in entries]
        if keys != sorted(keys):
            return [], [TreeFlaw(path, "is a tree object whose entries are not sorted")]
        return entries, []

    def _wrong(self, mode: bytes, name: bytes, object_id: str) -> str:
        text, whole = _text(name), _until_broken(name)
        if text in {"", ".", ".."} or "/" in text:
            return "has a name that no file can have"
        if is_git_folder(text) or is_git_folder(whole):
            return "has a name that some systems take for git's own folder"
        if mode not in _REGULAR and is_git_file(whole):
            return "is not a regular file, under a name of a file that git reads"
        if mode == _SUBMODULE:
            no_commit = (
                "is a submodule at no commit"  # another repository's: rules on files refuse it
            )
            return "" if object_id.strip("0") else no_commit
        if mode not in _KINDS:
            return f"has the mode {mode.decode()}, which git doesn't write"
        kind = self._repository.kind(object_id)
        if not kind:
            if self._repository.is_partial:  # the clone's fault, not the change's
                self._repository.object(object_id)
            return "names an object that is missing"
        if kind != _KINDS[mode]:
            return f"has the mode {mode.decode()} of a {_KINDS[mode]} and is a {kind}"
        return ""

    def _raw(self, tree: str) -> bytes:
        try:
            return self._repository.object(tree)
        except NotFoundError:
            return b"?"  # no tree: reported as one that can't be read


def _sorts_as_folder(mode: bytes) -> bool:
    """Whether git compares a name of this mode with a slash at its end: by its bits, however spelled."""
    return stat.S_ISDIR(int(mode, 8) & 0xFFFF)


def _until_broken(name: bytes) -> str:
    """A name as git compares it with its own: it ends before the first byte that is not UTF-8."""
    try:
        return name.decode()
    except UnicodeDecodeError as error:
        return name[: error.start].decode()


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
