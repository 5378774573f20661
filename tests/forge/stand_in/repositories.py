"""Bare git repositories of a stand-in: real objects, made and read by git itself."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

NOTHING = "0" * 40
WHO = ("-c", "user.name=GitHub", "-c", "user.email=noreply@example.com")


class RefusedByGitError(Exception):
    """git says no; its words."""


@dataclass
class Repository:
    """`owner/name` at `folder`; `writers` may push, `parent` is what it is a fork of."""

    name: str
    folder: Path
    writers: set[str]
    parent: str = ""
    archived: bool = False
    late: int = 0
    """So many looks at it find nothing yet, as with a fork that is still being made."""
    pulls: list[dict[str, object]] = field(default_factory=list)
    moves: list[dict[str, object]] = field(default_factory=list)
    """Of branches, newest last."""

    @property
    def owner(self) -> str:
        """Whose it is."""
        return self.name.split("/", maxsplit=1)[0]

    def git(self, *words: str, given: bytes | None = None) -> bytes:
        """What git prints; `RefusedByGitError` where it refuses."""
        done = subprocess.run(
            ["git", *WHO, *words], cwd=self.folder, input=given, capture_output=True, check=False
        )
        if done.returncode:
            raise RefusedByGitError(done.stderr.decode(errors="replace"))
        return done.stdout

    def line(self, *words: str, given: bytes | None = None) -> str:
        """The same as one line."""
        return self.git(*words, given=given).decode().strip()

    def find(self, ref: str) -> str:
        """A ref's commit, empty where there is none."""
        try:
            return self.line("rev-parse", "--verify", "--quiet", ref)
        except RefusedByGitError:
            return ""

    def kind(self, sha: str) -> str:
        """What kind of object there is, empty where there is none."""
        try:
            return self.line("cat-file", "-t", sha)
        except RefusedByGitError:
            return ""

    def tree(self, base: str, entries: Iterable[dict[str, str | None]]) -> str:
        """A tree like another one but for some entries (no id: gone)."""
        index = self.folder / "stand-in-index"
        index.unlink(missing_ok=True)
        lines = [
            f"{entry['mode'] if entry['sha'] else '0'} {entry['sha'] or NOTHING}\t{entry['path']}\n"
            for entry in entries
        ]
        script = (
            'test -z "$1" || git read-tree "$1"; git update-index --index-info && git write-tree'
        )
        done = subprocess.run(
            ["sh", "-c", script, "sh", base],
            cwd=self.folder,
            input="".join(lines).encode(),
            capture_output=True,
            check=True,
            env={"GIT_INDEX_FILE": str(index), "PATH": "/usr/bin:/bin:/usr/local/bin"},
        )
        return done.stdout.decode().strip()

    def entries(self, tree: str, *more: str) -> list[dict[str, object]]:
        """What is in a tree, as GitHub lists it."""
        found: list[dict[str, object]] = []
        for line in self.git("ls-tree", "-z", "-l", *more, tree).decode().split("\0")[:-1]:
            about, path = line.split("\t", 1)
            mode, kind, sha, size = about.split()
            entry: dict[str, object] = {"path": path, "mode": mode, "type": kind, "sha": sha}
            found.append(entry if size == "-" else {**entry, "size": int(size)})
        return found

    def fork(self, name: str, folder: Path, writer: str) -> Repository:
        """A fork, which shares its objects like forks do on GitHub."""
        subprocess.run(
            ["git", "clone", "--quiet", "--bare", "--shared", self.folder, folder], check=True
        )
        return Repository(name, folder, {writer}, self.name)
