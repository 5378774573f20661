"""What a run leaves on this machine: who began it, its log, and, sealed, what came out. Workers share it.

The folder lies in the repository's git folder, which is never committed. The file of events is held open, and so
locked, as long as the run's process lives; a run without a result whose file nobody holds was lost.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO, cast

from registry_tool.core.appending import is_being_written, open_appending
from registry_tool.core.codec import FileFormat, Number, Stored
from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import read_limited, write_private
from registry_tool.core.values import Object
from registry_tool.security.encrypt import WrappedKey, open_payload, seal_payload
from registry_tool.security.keys import KeyRing
from registry_tool.state.runs.keys import context_of
from registry_tool.store.git.repository import Repository

LARGEST_RESULT: Final = 512 * 2**20
_EVENTS, _RUN, _RESULT, _CANCEL = "events.jsonl", "run.json", "result.json", "cancel"


class StoredLiveRun(Stored, frozen=True, kw_only=True):
    """`run.json`. `actor` is a pseudonym; `keep` the seconds that the result stays."""

    execution_id: str
    workflow: str
    version: str
    environment: str
    actor: str
    encrypted: bool
    keep: Number


class SealedResult(Stored, frozen=True, kw_only=True):
    """`result.json`: the run's document, sealed with the environment's key."""

    status: str
    key: WrappedKey
    sealed: bytes


RUN = FileFormat[StoredLiveRun](StoredLiveRun, "run", "puppyai.com/live-run/v1")
RESULT = FileFormat[SealedResult](SealedResult, "result", "puppyai.com/live-result/v1")


def folder_of(root: Path) -> Path:
    """Where the runs of a registry's live servers are kept."""
    return Repository(root).git_dir / "registry-tool" / "live-runs"


@dataclass(frozen=True)
class RunFiles:
    """The files of one run."""

    folder: Path

    @property
    def events_path(self) -> Path:
        """One line an event."""
        return self.folder / _EVENTS

    def begin(self, run: StoredLiveRun) -> TextIO:
        """Make them; the events' file, open. `FileExistsError` where they are there."""
        self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder.mkdir(mode=0o700)
        stream = open_appending(self.events_path)
        write_private(self.folder / _RUN, RUN.to_bytes(run))
        return stream

    def run(self) -> StoredLiveRun:
        """Who began it; `NotFoundError` where there is none."""
        path = self.folder / _RUN
        if not path.exists():
            raise NotFoundError(f"{self.folder.name} is not a run of this registry")
        return RUN.read(read_limited(path), str(path))

    def end(self, ring: KeyRing, document: Object, until: datetime) -> None:
        """Keep the result until a moment, which the file's own time says.

        In ASCII: a model may give half a character, which UTF-8 has no bytes for.
        """
        run = self.run()
        context = context_of(run.environment, run.execution_id)
        sealed, key = seal_payload(json.dumps(document, allow_nan=False).encode(), ring, context)
        path = self.folder / _RESULT
        stored = SealedResult(status=str(document["status"]), key=key, sealed=sealed)
        draft = path.with_suffix(".new")
        write_private(draft, RESULT.to_bytes(stored))
        os.utime(draft, (until.timestamp(), until.timestamp()))
        draft.replace(path)

    def status(self) -> str:
        """How it ended; `queued`, `running` or, where its process is gone, `lost`."""
        if (ended := self._ended()) is not None:
            return ended.status
        if is_being_written(self.events_path):
            return "running" if self.events_path.stat().st_size else "queued"
        ended = self._ended()  # it may have come between the two looks
        return ended.status if ended is not None else "lost"

    def document(self, ring: KeyRing) -> Object:
        """What came out."""
        stored, run = self._ended(), self.run()
        if stored is None:
            raise NotFoundError(f"{run.execution_id} has not ended")
        data = open_payload(
            stored.sealed, stored.key, ring, context_of(run.environment, run.execution_id)
        )
        return cast(Object, json.loads(data))

    def _ended(self) -> SealedResult | None:
        path = self.folder / _RESULT
        if not path.exists():
            return None
        return RESULT.read(read_limited(path, LARGEST_RESULT), str(path))

    @property
    def has_ended(self) -> bool:
        """Whether there is a result."""
        return (self.folder / _RESULT).exists()

    def lines(self, start: int) -> list[bytes]:
        """The events from a byte on that are written whole."""
        with self.events_path.open("rb") as stream:
            stream.seek(start)
            return [line for line in stream if line.endswith(b"\n")]

    def ask_to_cancel(self) -> None:
        """Leave a mark that the run's process looks for."""
        (self.folder / _CANCEL).touch(mode=0o600)

    @property
    def is_to_be_cancelled(self) -> bool:
        """Whether somebody asked."""
        return (self.folder / _CANCEL).exists()

    def is_past(self, now: datetime) -> bool:
        """Whether the time of its result has come; a run that goes on has none, one that was lost the usual."""
        try:
            return _time_of(self.folder / _RESULT) <= now.timestamp()
        except FileNotFoundError:
            pass
        if is_being_written(self.events_path):
            return False
        try:
            return _time_of(self.folder / _RUN) + self.run().keep <= now.timestamp()
        except (FileNotFoundError, NotFoundError):
            return _time_of(self.folder) + _HALF_MADE <= now.timestamp()

    def remove(self) -> None:
        """Remove them."""
        shutil.rmtree(self.folder, ignore_errors=True)


_HALF_MADE: Final = 3600.0
"""Seconds after which a folder without its run is nobody's."""


def _time_of(path: Path) -> float:
    return path.stat().st_mtime


def sweep(folder: Path, now: datetime) -> int:
    """Remove what is past; how many runs were."""
    gone = 0
    for files in _all(folder):
        if files.is_past(now.astimezone(UTC)):
            files.remove()
            gone += 1
    return gone


def _all(folder: Path) -> Iterator[RunFiles]:
    try:
        found = list(folder.iterdir())
    except FileNotFoundError:
        return
    yield from map(RunFiles, found)
