"""The logs of a workflow's runs on this machine: read once, or followed as it grows."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TextIO, cast

from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Object
from registry_tool.monitoring.records import RunRecord
from registry_tool.state.runs.records import read_records
from registry_tool.state.target import Target
from registry_tool.store.git.repository import Repository

_PAUSE = 0.2  # seconds between two looks at a log that is followed


def logs_folder(root: Path) -> Path:
    """Where the runs of a registry on this machine are logged: inside its git folder, never in its history."""
    return Repository(root).git_dir / "registry-tool/logs"


def log_file(target: Target, name: str, environment: str) -> Path:
    """Where the runs of one workflow are logged."""
    return logs_folder(target.root) / environment / f"{name}.jsonl"


def read_log(
    target: Target, name: str, environment: str, execution_id: str = ""
) -> Iterator[Object]:
    """Every line that was logged (of one run and those that it called), oldest first.

    `NotFoundError` where nothing ran here; it says where runs were recorded that ran elsewhere.
    """
    path = log_file(target, name, environment)
    try:
        with path.open(encoding="ascii") as file:
            found = False
            for line in file:
                entry = entry_of(line, execution_id)
                if entry is not None:
                    found = True
                    yield entry
    except FileNotFoundError:
        raise _elsewhere(target, name, environment, execution_id) from None
    if execution_id and not found:
        raise _elsewhere(target, name, environment, execution_id)


def follow_log(  # noqa: PLR0913 - all named
    target: Target,
    name: str,
    environment: str,
    execution_id: str = "",
    *,
    last: int = 0,
    pause: Callable[[], None] = lambda: time.sleep(_PAUSE),
) -> Generator[Object, None, None]:
    """The last lines, then every line as it is logged, for ever; the file may appear later or be begun anew."""
    growing = _Growing(log_file(target, name, environment))
    try:
        known = [entry for line in growing.lines() if (entry := entry_of(line, execution_id))]
        yield from known[len(known) - min(last, len(known)) :]
        while True:
            found = growing.lines()
            yield from (entry for line in found if (entry := entry_of(line, execution_id)))
            if not found:
                pause()
    finally:
        growing.close()


class _Growing:
    """A file that grows, appears later, is cut, or gives way to another one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None
        self._rest = ""

    def lines(self) -> list[str]:
        """Whole lines that are new since the last time, each with its end."""
        if self._file is None or _is_another(self._file, self._path):
            self.close()
            self._file, self._rest = _opened(self._path), ""
        piece = self._file.read() if self._file is not None else ""
        *lines, self._rest = (self._rest + piece).split("\n")
        return [f"{line}\n" for line in lines]

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()


def _opened(path: Path) -> TextIO | None:
    try:
        return path.open(encoding="ascii")
    except FileNotFoundError:
        return None


def _is_another(file: TextIO, path: Path) -> bool:
    """Whether another file stands there now, or the same one was cut."""
    try:
        now = path.stat()
    except FileNotFoundError:
        return False
    mine = os.fstat(file.fileno())
    return (now.st_dev, now.st_ino) != (mine.st_dev, mine.st_ino) or now.st_size < file.tell()


def entry_of(line: str, execution_id: str) -> Object | None:
    """A whole line of the wanted run; a line without its end is still being written."""
    if not line.endswith("\n") or not line.strip():
        return None
    entry = cast(Object, json.loads(line))
    own = str(cast(Object, entry["workflow"]).get("execution_id"))
    wanted = not execution_id or own == execution_id or own.startswith(f"{execution_id}.")
    return entry if wanted else None


class RanElsewhereError(NotFoundError):
    """Nothing is logged here of a run that is on record; `run` is that record."""

    def __init__(self, what: str, run: RunRecord) -> None:
        super().__init__(
            f"no {what} was logged on this machine: {run.execution_id} ran elsewhere ({run.kind} {run.time})",
            hint=f"where a job ran it, its log is in the artifact {artifact_of(run.execution_id)} and in the "
            "job's log; where a person did, on their machine",
        )
        self.run = run


class NoRunYetError(NotFoundError):
    """Nothing is logged or on record: nobody has run it."""


def artifact_of(execution_id: str) -> str:
    """The name of the artifact in which a job keeps what its run left; such names know no colon."""
    return f"run-{execution_id.replace(':', '-')}"


def _elsewhere(target: Target, name: str, environment: str, execution_id: str) -> NotFoundError:
    """Nothing here: whether records know of runs on another machine, and where their log is."""
    what = execution_id or f"run of {name} in {environment}"
    records = [
        record
        for record in read_records(target, environment, name)
        if not execution_id or record.execution_id == execution_id
    ]
    if not records:
        kind = NotFoundError if execution_id else NoRunYetError
        return kind(
            f"no {what} was logged on this machine, and there is no record of one",
            hint=f"run it with `puppy-cli run {name} --env {environment} --input …`",
        )
    return RanElsewhereError(what, records[-1])
