"""Tree objects that no git command writes: entries put into a branch's trees just as they are given.

A step is `{"at": PATH, "mode": "40000", "entries": [[MODE, NAME, TEXT], …]}` for a tree, or
`{"at": PATH, "mode": …, "text": …}` for a blob, under whatever mode; `"twice": true` leaves
a sibling of the same name.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

_ENTRY = re.compile(rb"([0-7]+) ([^\0]*)\0(.{20})", re.DOTALL)
_WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")


def commit_raw(folder: Path, steps: list[dict[str, Any]]) -> None:
    """Commit the steps onto HEAD; neither index nor work tree know of it."""
    if not steps:
        return
    root = _git(folder, "rev-parse", "HEAD^{tree}").decode().strip()
    for step in steps:
        if "entries" in step:
            lines = [_line(mode, name, _blob(folder, text)) for mode, name, text in step["entries"]]
            made = _tree(folder, b"".join(lines))
        else:
            made = _blob(folder, step["text"])
        root = _put(folder, root, step["at"].split("/"), made, step)
    commit = _git(folder, *_WHO, "commit-tree", root, "-p", "HEAD", "-m", "Raw").decode().strip()
    _git(folder, "update-ref", "HEAD", commit)


def _put(folder: Path, tree: str, path: list[str], made: str, step: dict[str, Any]) -> str:
    raw = _git(folder, "cat-file", "tree", tree) if tree else b""
    entries = _ENTRY.findall(raw)
    name = path[0].encode()
    mode = step.get("mode", "40000")
    if len(path) > 1:
        below = next((raw_id.hex() for _, n, raw_id in entries if n == name), "")
        made, mode = _put(folder, below, path[1:], made, step), "40000"
    line = (mode.encode(), name, bytes.fromhex(made))
    if not step.get("twice"):
        entries = [entry for entry in entries if entry[1] != name]
    entries = sorted([*entries, line], key=_key)
    return _tree(folder, b"".join(_line(m.decode(), n.decode(), i.hex()) for m, n, i in entries))


def _key(entry: tuple[bytes, bytes, bytes]) -> bytes:
    return entry[1] + (b"/" if entry[0] == b"40000" else b"")


def _line(mode: str, name: str, object_id: str) -> bytes:
    return f"{mode} {name}\0".encode() + bytes.fromhex(object_id)


def _blob(folder: Path, text: str) -> str:
    return _git(folder, "hash-object", "-w", "--stdin", stdin=text.encode()).decode().strip()


def _tree(folder: Path, raw: bytes) -> str:
    words = ("hash-object", "-t", "tree", "--literally", "-w", "--stdin")
    return _git(folder, *words, stdin=raw).decode().strip()


def _git(folder: Path, *words: str, stdin: bytes = b"") -> bytes:
    command = ["git", *words]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, input=stdin).stdout
