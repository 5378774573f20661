"""A bare repository that holds state, and clones of it."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.branch import StateBranch
from registry_tool.store.state.home import state_remote
from registry_tool.store.state.notes import StateNotes

TIME = "2026-03-01T12:00:00+00:00"
WHO = Identity("x", "x@x", TIME)
NAME = "deployments"


def git(folder: Path, *words: str) -> str:
    """Standard output of a git command."""
    named = ("-c", "user.name=t", "-c", "user.email=t@t", "-c", "protocol.file.allow=always")
    done = subprocess.run(
        ["git", "-C", str(folder), *named, *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@dataclass
class Hub:
    """A bare repository whose branches hold state."""

    folder: Path

    def write(self, text: str, name: str = NAME) -> str:
        """Write the branch's only file."""
        branch = StateBranch(Repository(self.folder), name)
        return branch.write(lambda _: {"a.txt": text.encode()}, "x", WHO)

    def clone(self, name: str, *words: str) -> Path:
        """A clone beside it."""
        made = self.folder.parent / name
        git(self.folder.parent, "clone", "-q", *words, self.folder.as_uri(), str(made))
        return made

    def vanish(self) -> None:
        """The network is away."""
        self.folder.rename(self.folder.with_name("away.git"))


def branch_of(clone: Path, notes: StateNotes | None = None, name: str = NAME) -> StateBranch:
    repository = Repository(clone)
    return StateBranch(repository, name, state_remote(repository), notes)


def read(branch: StateBranch) -> str:
    return branch.files().read("a.txt").decode()
