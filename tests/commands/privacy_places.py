"""Registries with keys, for tests of what privacy commands do: real git, a real bare remote, a fixed clock."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from registry_tool.core.clock import Clock, FixedClock
from registry_tool.security.keys import VARIABLE, spelled
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.notes import StateNotes

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
V1, V2 = bytes(range(32)), bytes(range(100, 132))
OLD = {VARIABLE: spelled([(1, V1)])}
BOTH = {VARIABLE: spelled([(2, V2), (1, V1)])}
NEW = {VARIABLE: spelled([(2, V2)])}


@dataclass
class LocationStandIn:
    """What commands take for a `Target`."""

    root: Path
    remote: str = ""
    clock: Clock = FixedClock(NOW, timedelta(seconds=1))  # noqa: RUF009 - made anew by `location`
    notes: StateNotes = field(default_factory=StateNotes)


def git(folder: Path, *words: str) -> str:
    """Standard output of a git command."""
    done = subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def make_place(folder: Path, *, remote: bool = False) -> LocationStandIn:
    """A small registry in a fresh repository; with `remote`, its state is on a bare one."""
    root = folder / "registry-clone"
    (root / "registry").mkdir(parents=True)
    (root / "registry" / "registry.yaml").write_text(
        "name: Test registry\nenvironments: { development: {}, staging: {}, production: {} }\n"
    )
    git(folder, "init", "-q", "-b", "main", str(root))
    git(root, "config", "user.name", "t")
    git(root, "config", "user.email", "t@t")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "start")
    if remote:
        git(folder, "init", "-q", "--bare", str(folder / "origin.git"))
        git(root, "remote", "add", "origin", str(folder / "origin.git"))
    clock = FixedClock(NOW, timedelta(seconds=1))
    return LocationStandIn(root, "origin" if remote else "", clock)


def at_once(work: Callable[[int], None], count: int) -> None:
    """Do it so many times at once, with a number each."""
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def tamper(
    location: LocationStandIn, changes: dict[str, bytes | None], branch: str = "audit"
) -> None:
    """Who may push, but has no key, changes files of a branch."""
    who = Identity("x", "x@x", NOW.isoformat())
    Branch(Repository(location.root), branch, location.remote).write(lambda _: changes, "x", who)
