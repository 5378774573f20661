"""A run that is asked for, one that somebody may see, and why there is none."""

from __future__ import annotations

from typing import Final

from registry_tool.commands.live.runs.files import RunFiles, StoredLiveRun
from registry_tool.commands.live.runs.live_run import LiveRun
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Object
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.keys import KeyRing


class BusyError(RegistryError):
    """All run slots are taken now; ask again later."""


class NoRunsError(RegistryError):
    """This server runs nothing, or nothing more."""


class RunBeganElsewhereError(RegistryError):
    """A run with this key was begun on another server; nothing of it is here."""


_LOST: Final = "the server that ran it ended before the run did"


class WantedRun(Record, frozen=True):
    """What is asked for. `version` is a number or a range; the same `key` of the same person is the same run."""

    workflow: str
    inputs: Frozen = field(default_factory=dict)
    version: str = ""
    environment: str = ""
    key: str = ""
    how: RunOptions = field(default_factory=RunOptions)


class FoundRun(Record, frozen=True):
    """A run that somebody may see. `running` is there where it goes in this process; `own` for who began it.

    `is_new` says that it was begun just now.
    """

    files: RunFiles
    run: StoredLiveRun
    ring: KeyRing
    own: bool
    running: LiveRun | None = None
    is_new: bool = False

    @property
    def id(self) -> str:
        """Its execution id."""
        return self.run.execution_id

    @property
    def status(self) -> str:
        """`queued`, `running` or how it ended; a run whose process is gone ended in an error."""
        found = self.files.status()
        return "error" if found == "lost" else found

    def document(self) -> Object:
        """What `puppy-cli run --format json` prints, as far as it is known. Encrypted data is for who began it."""
        found = self.files.status()
        if found == "lost":
            return {"execution_id": self.id, "status": "error", "error": _LOST}
        if not self.files.has_ended:
            return {"execution_id": self.id, "status": found}
        document = self.files.document(self.ring)
        if self.run.encrypted and not self.own:
            return {k: v for k, v in document.items() if k not in {"outputs", "blocks", "error"}}
        return document
