"""The reader of git's tree objects: what it finds nothing wrong with is what git lists, and `git fsck` agrees.

An input is a tree object's bytes; `<blob>`, `<tree>`, `<empty>`, `<commit>`, `<missing>`, `<null>` stand for ids.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import random
import re
import shutil
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from registry_tool.core.errors import RegistryError
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.git.tree_entries import child_of, entries_of
from registry_tool.store.tree_flaws import TreeFlaw, tree_flaws
from tests.fuzz.target import Target

_EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_OF_GIT_TOO = ("can't be read", "two entries of one name", "not sorted")
_LONG_MODE = re.compile(rb"[0-7]{9} ")  # git counts on, we don't read it
_MODES = (
    b"40000",
    b"100644",
    b"100755",
    b"120000",
    b"160000",
    b"100664",
    b"040000",
    b"0",
    b"777777777",
)
_NAMES = (
    *(b"a", b"a.b", b"a0", b"b", b"zz", b"docs", b".git", b".GIT", b"git~1", b".gitmodules", b".gitattributes"),
    *(b"", b".", b"..", b"a/b", b"\xff", "\u200c.git".encode(), b".git ", b"a\n", b"con"),
)  # fmt: skip
_ANY_NAME = re.compile(rb" ([^\0]+)\0")


@dataclass(frozen=True, slots=True)
class _Scratch:
    """A repository with one object of each kind."""

    repository: Repository
    folder: Path
    ids: dict[bytes, bytes]

    def git(self, *words: str) -> tuple[int, bytes]:
        """Exit code and all that git says, without anybody's settings."""
        around = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *words], cwd=self.folder, env=around, check=False, capture_output=True
        )
        return done.returncode, done.stdout if done.returncode == 0 else done.stderr

    def write(self, kind: str, content: bytes) -> str:
        """Store an object whatever it holds; its id."""
        data = b"%s %d\0%s" % (kind.encode(), len(content), content)
        name = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        path = self.path(name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(data, 1))
        return name

    def path(self, name: str) -> Path:
        return self.folder / ".git/objects" / name[:2] / name[2:]


@cache
def _scratch() -> _Scratch:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-tree-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = _Scratch(Repository(_new(folder)), folder, {})
    blob = made.write("blob", b"x")
    tree = made.write("tree", b"100644 file\0" + bytes.fromhex(blob))
    who = b"A <a@example.com> 1700000000 +0000"
    lines = b"tree %s\nauthor %s\ncommitter %s\n\nx\n" % (tree.encode(), who, who)
    ids = {"blob": blob, "tree": tree, "empty": made.write("tree", b"")}
    ids |= {"commit": made.write("commit", lines), "missing": "31" * 20, "null": "00" * 20}
    made.ids.update({f"<{name}>".encode(): bytes.fromhex(one) for name, one in ids.items()})
    return made


def _new(folder: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


def check(data: bytes) -> None:
    """Every property of the module's docstring, and that one entry is found as all are."""
    scratch = _scratch()
    raw = data
    for mark, object_id in scratch.ids.items():
        raw = raw.replace(mark, object_id)
    _one_like_all(raw)
    tree = scratch.write("tree", raw)
    if tree in {object_id.hex() for object_id in scratch.ids.values()}:
        return
    try:
        flaws = tree_flaws(scratch.repository, _EMPTY, tree)
        if flaws:
            _refused_rightly(scratch, tree, flaws, raw)
        else:
            _git_agrees(scratch, tree)
    finally:
        scratch.path(tree).unlink()


def _one_like_all(raw: bytes) -> None:
    """`child_of` gives what `entries_of` gives, for every name that stands anywhere in the bytes.

    Ids are hashes of what is there, but for submodules, whose ids anybody may choose.
    """
    try:
        entries = entries_of(raw, 20)
    except RegistryError as error:
        assert error.reason and error.hint, "an error without a reason or a way out"
        return
    known = {*_scratch().ids.values()}
    if not all(raw_id in known for mode, _, raw_id in entries.values() if mode != b"160000"):
        return
    for name in {*_ANY_NAME.findall(raw), *entries, b"a", b"none"}:
        assert child_of(raw, name, 20) == entries.get(name), f"another entry of name {name!r}"


def _refused_rightly(scratch: _Scratch, tree: str, flaws: tuple[TreeFlaw, ...], raw: bytes) -> None:
    """What is told as malformed is malformed to git, too."""
    assert all(flaw.reason for flaw in flaws), "a flaw without a reason"
    if _LONG_MODE.search(raw):
        return
    if any(words in flaw.reason for flaw in flaws for words in _OF_GIT_TOO if not flaw.path):
        code, said = scratch.git("fsck", "--strict", "--no-dangling", "--no-progress")
        assert code or b"warning" in said, f"git finds nothing wrong; we: {flaws[0].reason}"


def _git_agrees(scratch: _Scratch, tree: str) -> None:
    code, said = scratch.git("fsck", "--strict", "--no-dangling", "--no-progress")
    assert code == 0 and b"warning" not in said, f"git fsck: {said[:200]!r}"
    code, said = scratch.git("ls-tree", "-r", "-t", "-z", "--full-tree", tree)
    assert code == 0, f"git ls-tree: {said[:200]!r}"
    ours, folders = GitTree(scratch.repository, tree), []
    for line in filter(None, said.split(b"\0")):
        head, _, name = line.partition(b"\t")
        mode, kind, object_id = head.decode().split()
        path = name.decode("utf-8", "surrogateescape")
        found = ours.mode(path).zfill(6), ours.object_id(path)
        assert found == (mode, object_id), f"{path!r} is {found}, to git {mode} {object_id}"
        folders += [path] if kind == "tree" and "/" not in path else []
    assert ours.folders_at_root() == sorted(folders), "other folders at the root"


def _mutated(data: bytes, rng: random.Random) -> bytes:
    """Entries put in, left out, moved, sorted, or hidden inside the id of a submodule."""
    entries = re.findall(rb"[0-7]* [^\0]*\0(?:<[a-z]+>|[^<]{20})", data, re.DOTALL)
    marks = list(_scratch().ids)
    for _ in range(rng.randint(1, 3)):
        match rng.randrange(6):
            case 0 if entries:
                del entries[rng.randrange(len(entries))]
            case 1 if entries:
                entries.insert(0, rng.choice(entries))
            case 2:
                entries.sort(key=lambda entry: entry.split(b" ", 1)[1])
            case 3:
                hidden = b"%s %s\0" % (rng.choice(_MODES[:4]), rng.choice(_NAMES[:4]))
                object_id = (hidden + bytes(rng.randrange(1, 255) for _ in range(20)))[:20]
                entries += [
                    b"160000 %c\0%s" % (98 + n, object_id) for n in range(rng.randint(1, 8))
                ]
            case _:
                mode, name = rng.choice(_MODES), rng.choice(_NAMES)
                entries.append(b"%s %s\0%s" % (mode, name, rng.choice(marks)))
    return b"".join(entries)


def _seeds() -> dict[str, bytes]:
    hidden = b"".join(b"160000 %c\x00100644 a\0%s" % (98 + n, b"x" * 11) for n in range(6))
    return {
        "plain": b"100644 a\0<blob>40000 docs\0<tree>100755 run\0<blob>",
        "all kinds": b"100644 a\0<blob>100755 b\0<blob>120000 c\0<blob>40000 d\0<tree>160000 e\0<missing>",
        "empty": b"",
        "empty folder": b"40000 a\0<empty>",
        "a tree as a file": b"100644 a\0<tree>",
        "equal names": b"100644 a\0<blob>40000 a\0<tree>",
        "unsorted": b"100644 b\0<blob>100644 a\0<blob>",
        "sorted as folders are": b"100644 a.b\0<blob>40000 a\0<tree>100644 a0\0<blob>",
        "zeros before a mode": b"040000 a\0<tree>",
        "git's folder": b"40000 .git\0<tree>",
        "hidden in ids": hidden,
        "null": b"160000 a\0<null>",
        "left over": b"100644 a\0<blob>40000",
    }


TARGET = Target(
    "git-tree",
    "registry_tool/store/git/commit_tree.py, tree_flaws.py",
    check,
    _seeds,
    (
        "40000 ",
        "100644 ",
        "160000 ",
        "120000 ",
        "\x00",
        "<blob>",
        "<tree>",
        "<empty>",
        "<commit>",
        "<null>",
    ),
    _mutated,
    largest=2048,
)
