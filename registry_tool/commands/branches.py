"""The branches that hold state: whose they are, and who writes to them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

from registry_tool.core.clock import Clock, instant
from registry_tool.core.errors import UsageError
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git import Identity, Repository

BOT: Final = ("registry-tool", "registry-tool@localhost")


class Place(Protocol):
    """A registry's work tree, the remote that holds its state (empty: its own), and the time: a `Target`."""

    @property
    def root(self) -> Path:
        """The work tree."""

    @property
    def remote(self) -> str:
        """A remote's name, or nothing."""

    @property
    def clock(self) -> Clock:
        """Tells the time."""


def state_branch(place: Place, name: str) -> Branch:
    """A branch of the registry's state. The wrapped keys' one has no history, so that what is erased is gone."""
    repository = Repository(place.root)
    if place.remote and place.remote not in repository.remotes():
        raise UsageError(
            f"there is no remote {place.remote!r}",
            place=repository.place,
            way_out="look at `git remote`",
        )
    return Branch(repository, name, place.remote, alone=name == paths.RUN_KEYS_BRANCH)


def writer(place: Place) -> Identity:
    """Who commits state: the tool, now."""
    return Identity(*BOT, instant(place.clock.now()))
