"""What is to be said of state that could not be read now, or that does not fit what was seen before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record


class UnreachableError(RegistryError):
    """The remote that holds the state can't be read, and what was asked can't be answered without it."""


class LostStateError(RegistryError):
    """The state is not where it must be: a branch is gone, or stands in another place than its home."""


class AsOf(Record, frozen=True):
    """The last known commit of a branch that can't be read now, and when it was made (RFC 3339)."""

    branch: str
    commit: str
    time: str

    def __str__(self) -> str:
        return f"as of {self.time} (commit {self.commit[:12]} of {self.branch})"


@dataclass(slots=True)
class StateNotes:
    """What a command says of its state, and what it may do where the remote can't be read.

    With `may_be_old`, reading goes on with the last known state (`old`, by branch); without, it is an
    `UnreachableError`. `say` hears each sentence once.
    """

    may_be_old: bool = False
    say: Callable[[str], None] = lambda _: None
    old: dict[str, AsOf] = field(default_factory=dict)
    unreachable: dict[str, str] = field(default_factory=dict)
    _said: set[str] = field(default_factory=set)

    def warn(self, sentence: str) -> None:
        """Say it, once."""
        if sentence not in self._said:
            self._said.add(sentence)
            self.say(sentence)

    @property
    def oldest(self) -> AsOf | None:
        """What the answer as a whole is as of; None where everything was read now."""
        return min(self.old.values(), key=lambda one: one.time, default=None)
