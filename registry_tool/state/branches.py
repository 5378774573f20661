"""The branches that hold state: whose they are, and who writes to them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from registry_tool.core.clock import Clock, instant
from registry_tool.store import paths
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.person import bot_identity, person_of
from registry_tool.store.state.branch import StateBranch
from registry_tool.store.state.home import state_remote
from registry_tool.store.state.notes import StateNotes

_MONTHS = "runs-"


class StateLocation(Protocol):
    """A registry's clone, the remote that is named for its state (empty: its home), and the time: a `Target`."""

    @property
    def root(self) -> Path:
        """The work tree, or a bare repository."""

    @property
    def remote(self) -> str:
        """A remote's name, `.` for the repository itself, or nothing."""

    @property
    def clock(self) -> Clock:
        """Tells the time."""

    @property
    def notes(self) -> StateNotes:
        """What is said of the state, and whether an older one will do."""


def home_of(location: StateLocation) -> str:
    """The remote that holds a registry's state, empty for the repository itself; `store/state/home.py` decides."""
    return state_remote(Repository(location.root), location.remote)


def state_branch(location: StateLocation, name: str) -> StateBranch:
    """A branch of the registry's state. The wrapped keys' one has no history, so that what is erased is gone."""
    repository = Repository(location.root)
    return StateBranch(
        repository,
        name,
        state_remote(repository, location.remote),
        location.notes,
        alone=name == paths.RUN_KEYS_BRANCH,
        may_go=name.startswith(_MONTHS),
    )


def in_job(environ: Mapping[str, str]) -> bool:
    """Whether this is a job, in which nobody sits at the machine."""
    return environ.get("GITHUB_ACTIONS") == "true"


def local_person(location: StateLocation, environ: Mapping[str, str] = os.environ) -> str:
    """Who acts on a laptop, by name; empty in a job, where the event says who asked."""
    return "" if in_job(environ) else str(person_of(Repository(location.root), environ))


def writer(location: StateLocation, environ: Mapping[str, str] = os.environ) -> Identity:
    """Who commits state, now: the person at this machine, the tool itself only in jobs."""
    now = location.clock.now()
    if in_job(environ):
        return bot_identity(now)
    person = person_of(Repository(location.root), environ)
    return Identity(person.name, person.email, instant(now))
