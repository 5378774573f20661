"""The log of a run that a job made: out of the artifact that the job kept, through the forge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from registry_tool.commands.jobs.dispatch import Via, forge_of
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.forge.base import Artifacts
from registry_tool.forge.model import Artifact
from registry_tool.monitoring.records import RunRecord
from registry_tool.state.runs.logs import (
    NoRunYetError,
    RanElsewhereError,
    artifact_of,
    entry_of,
    read_log,
)
from registry_tool.state.target import Target, deployed

LOG = "log.jsonl"
_MOST_ARCHIVES = 5
"""How many jobs' artifacts are opened for a scheduled run, which shares its job with others."""


def find_log(
    target: Target,
    name: str,
    environment: str,
    execution_id: str = "",
    say: Callable[[str], None] = lambda _: None,
) -> list[Object]:
    """What this machine logged or, of a run that ran elsewhere (the last one where none is named), its artifact.

    Nothing, and `say` hears it, of what is deployed and never ran. `NotFoundError` where there is neither;
    `UsageError` where the forge must be asked and no token is set.
    """
    try:
        return list(read_log(target, name, environment, execution_id))
    except NoRunYetError as none:
        deployed(target, name, environment)
        say(str(none))
        return []
    except RanElsewhereError as elsewhere:
        forge = forge_of(Via.AUTO, target.root, target.remote, target.environ)
        if forge is None:
            raise
        return fetch_log(forge.artifacts, elsewhere.run, say)


def fetch_log(
    artifacts: Artifacts, run: RunRecord, say: Callable[[str], None] = lambda _: None
) -> list[Object]:
    """The lines of a run's log, oldest first; `NotFoundError` where its artifact is gone."""
    found = list(_named(artifacts, run))
    usable = [artifact for artifact in found if not artifact.expired]
    if not usable:
        raise _gone(run, expired=bool(found))
    for artifact in islice(usable, _MOST_ARCHIVES):
        data = _log_in(artifacts.files(artifact), run.execution_id)
        if data is not None:
            say(
                f"{run.execution_id} ran elsewhere; its log comes out of the artifact {artifact.name}"
            )
            return list(_lines(data, run.execution_id, artifact.name))
    raise NotFoundError(
        f"no artifact holds a log of {run.execution_id}",
        location=", ".join(dict.fromkeys(artifact.name for artifact in usable)),
        hint="its job ended before it wrote one: look at the job's own log on the forge",
    )


def _named(artifacts: Artifacts, run: RunRecord) -> Iterator[Artifact]:
    """Its own one, newest first; of a scheduled run, its job's, which is made soon after the run."""
    yield from artifacts.named(artifact_of(run.execution_id))
    if run.execution_id.startswith("sched-"):
        names = (f"scheduled-{run.environment}-1", f"scheduled-{run.environment}")
        began = datetime.fromisoformat(run.time)
        later = [
            artifact
            for name in names
            for artifact in artifacts.named(name)
            if artifact.created
            and datetime.fromisoformat(artifact.created) >= began.replace(microsecond=0)
        ]
        yield from sorted(later, key=lambda artifact: artifact.created)


def _log_in(files: dict[str, bytes], execution_id: str) -> bytes | None:
    """A job's own run at the top, a scheduled one in a folder of its name."""
    return files.get(f"{execution_id}/{LOG}", files.get(LOG))


def _lines(data: bytes, execution_id: str, location: str) -> Iterator[Object]:
    """A stranger's bytes: what is not a line of this run's log is refused or left out."""
    try:
        for line in data.decode("utf-8").splitlines(keepends=True):
            entry = entry_of(line, execution_id)
            if entry is not None:
                yield entry
    except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError, AttributeError):
        raise RegistryError(
            "this is not a log of a run",
            location=f"{location}: {LOG}",
            hint="look at the job's own log on the forge",
        ) from None


def _gone(run: RunRecord, *, expired: bool) -> NotFoundError:
    why = "its artifact has expired" if expired else "the forge has no artifact of it"
    return NotFoundError(
        f"the log of {run.execution_id} can't be fetched: {why} (it ran {run.time})",
        hint="artifacts go after the workflow's data_retention; the run's record stays: `puppy-cli runs`",
    )
