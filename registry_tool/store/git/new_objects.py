"""New git objects, made and stored here: a commit costs no process, whatever it changes.

Their form is git's by construction. Formats: gitformat-loose(5), and gitdatamodel(7) for trees and commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Literal, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.git_names import is_git_folder
from registry_tool.core.records import Record
from registry_tool.store.git.loose_objects import write_loose

Kind = Literal["commit", "tree", "blob"]
Entries = dict[bytes, tuple[bytes, bytes]]
"""A tree's (mode, raw id) by raw name."""

_TREE, _FILE = b"40000", b"100644"
_NO_NAMES: Final = frozenset({b"", b".", b".."})
_CRUD: Final = "".join(map(chr, range(33))) + ".,:;<>\"\\'"
"""What git takes away from both ends of a name (git-commit-tree(1))."""


class Identity(Record, frozen=True):
    """Who commits, and when (RFC 3339)."""

    name: str
    email: str
    date: str

    def line(self) -> str:
        """As a commit has it."""
        when = datetime.fromisoformat(self.date)
        zone = when.strftime("%z") or "+0000"
        return f"{_plain(self.name)} <{_plain(self.email)}> {int(when.timestamp())} {zone}"


def _plain(text: str) -> str:
    kept = "".join(char for char in text if char not in "<>\n\0").strip(_CRUD)
    if not kept:
        raise RegistryError(
            "who commits has no name",
            hint="set git's user.name and user.email",
        )
    return kept


@dataclass
class NewObjects:
    """Objects that are about to be written, by id; `algorithm` is the repository's (sha1, sha256)."""

    algorithm: str
    _made: dict[str, tuple[Kind, bytes]] = field(default_factory=dict)

    def add(self, kind: Kind, data: bytes) -> str:
        """The object's id."""
        whole = _head(kind, data) + data
        name = hashlib.new(self.algorithm, whole, usedforsecurity=False).hexdigest()
        self._made[name] = (kind, data)
        return name

    def write(self, objects: Path) -> None:
        """Store all of them below a clone's `objects`, each after those that it names."""
        for name, (kind, data) in self._made.items():
            write_loose(objects, name, _head(kind, data) + data)

    def commit(self, tree: str, parents: Sequence[str], message: str, who: Identity) -> str:
        """A commit's id. Author and committer are the same."""
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {who.line()}", f"committer {who.line()}", "", ""]
        text = "\n".join(lines) + message
        return self.add("commit", text.encode("utf-8", "replace"))

    def tree(
        self,
        read: Callable[[str], Entries],
        base: str,
        changes: Mapping[str, bytes | None],
    ) -> str:
        """The id of the tree `base` (empty: none) with files written or, for None, removed.

        `read` gives an old tree's entries. A file takes the place of a folder of its name, and a folder that of a
        file; folders that become empty go.
        """
        return self._changed(read, base, _nested(changes)) or self.add("tree", b"")

    def _changed(self, read: Callable[[str], Entries], base: str, changes: _Nested) -> str:
        """The tree of one level with its changes; empty where nothing is left."""
        entries = dict(read(base)) if base else {}
        for name, change in changes.items():
            if name == _ITSELF:
                continue
            if isinstance(change, dict):
                mode, raw = entries.get(name, (b"", b""))
                inner = self._changed(read, raw.hex() if mode == _TREE else "", change)
                made = (_TREE, inner)
            elif change is None:
                made = (b"", "")
            else:
                made = (_FILE, self.add("blob", change))
            if made[1]:
                entries[name] = (made[0], bytes.fromhex(made[1]))
            else:
                self._remove(entries, name, change)
        return self.add("tree", _tree(entries)) if entries else ""

    @staticmethod
    def _remove(entries: Entries, name: bytes, change: _Nested | bytes | None) -> None:
        """Take an entry out: a folder of which nothing is left, or a file that was named itself."""
        mode = entries.get(name, (b"", b""))[0]
        inside = isinstance(change, dict)
        itself = not inside or _ITSELF in cast(_Nested, change)
        if inside if mode == _TREE else mode and itself:
            del entries[name]


_Nested = dict[bytes, "_Nested | bytes | None"]
_ITSELF: Final = b""
"""In a folder's changes: a file of the folder's name is to be removed, too."""


def _nested(changes: Mapping[str, bytes | None]) -> _Nested:
    """The changes by folder; what is to be written goes before what is to be removed."""
    nested: _Nested = {}
    for path, data in sorted(changes.items(), key=lambda item: item[1] is not None):
        *folders, name = path.encode("utf-8", "surrogateescape").split(b"/")
        bad = next((part for part in (*folders, name) if not _is_name(part)), None)
        if bad is not None:
            raise RegistryError(f"git takes no file below the name {bad!r}", location=path)
        level = nested
        for folder in folders:
            below = level.get(folder)
            if not isinstance(below, dict):
                below = level[folder] = {_ITSELF: None} if folder in level else {}
            level = below
        above = level.get(name)
        if data is None and isinstance(above, dict):
            above[_ITSELF] = None
        else:
            level[name] = data
    return nested


def _is_name(part: bytes) -> bool:
    text = part.decode("utf-8", "surrogateescape")
    return part not in _NO_NAMES and b"\0" not in part and not is_git_folder(text)


def _tree(entries: Entries) -> bytes:
    """A tree object: entries in git's order, in which a folder's name ends with a slash."""
    ordered = sorted(
        entries.items(), key=lambda item: item[0] + (b"/" if item[1][0] == _TREE else b"")
    )
    return b"".join(mode + b" " + name + b"\0" + raw for name, (mode, raw) in ordered)


def _head(kind: Kind, data: bytes) -> bytes:
    return f"{kind} {len(data)}\0".encode()
