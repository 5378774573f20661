"""`registry-tool prune`: what is older than its version's `data_retention` goes; nothing younger does.

Wrapped keys carry their own end. Log lines and records go by the retention of the version that wrote them, as the
registry's work tree knows it; what no version bounds stays, unless `policy.record_retention` bounds records.
Records go a whole month at a time, since they are chained; this month and the one before stay. A month's branch
holds all environments' records, so it goes once each of them has let it go: by an entry in its own log.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.privacy.keys import known_environment
from registry_tool.core import clock
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.engine.result_cache import prune_caches
from registry_tool.manifest.load import workflow_from
from registry_tool.security.keys import VARIABLE
from registry_tool.state.audit_log import note, recorded_prunings
from registry_tool.state.branches import StateLocation, local_person, state_branch
from registry_tool.state.runs import local_logs
from registry_tool.state.runs.keys import RunKey, drop_keys, run_keys
from registry_tool.store import paths
from registry_tool.store.registry_tree import registry_tree

MONTH_BRANCH = "runs-"


class PrunableRun(Protocol):
    """What pruning asks of a run's record."""

    @property
    def workflow(self) -> str:
        """The workflow's name."""

    @property
    def version(self) -> str:
        """The version that ran."""

    @property
    def environment(self) -> str:
        """Where."""

    @property
    def time(self) -> str:
        """When, RFC 3339."""


Months = Mapping[str, Sequence[PrunableRun]]
"""Every record by month (`2026-01`)."""


@dataclass(frozen=True, slots=True)
class PruneResult:
    """What went (or would go): keys and log lines by environment, months of records, cached results.

    `waiting` are months that go once the environments that they name have been swept, too.
    """

    keys: Mapping[str, int] = field(default_factory=dict)
    log_lines: Mapping[str, int] = field(default_factory=dict)
    months: tuple[str, ...] = ()
    waiting: Mapping[str, Sequence[str]] = field(default_factory=dict)
    results: int = 0
    busy: tuple[Path, ...] = ()
    dry_run: bool = False

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "dry_run": self.dry_run,
            "wrapped_keys": dict(self.keys),
            "log_lines": dict(self.log_lines),
            "months": list[Value](self.months),
            "waiting": {month: list[Value](names) for month, names in self.waiting.items()},
            "cached_results": self.results,
            "busy": [str(path) for path in self.busy],
        }


def prune(  # noqa: PLR0913 - where, when, and the ways to what is kept
    location: StateLocation,
    months: Months,
    *,
    environment: str = "",
    now: datetime | None = None,
    dry_run: bool = False,
    caches: Path | None = None,
    environ: Mapping[str, str] = os.environ,
) -> PruneResult:
    """One sweep; safe to repeat and to run beside runs. `caches` is the folder of remembered results."""
    if environment:
        known_environment(location, environment)
    elif environ.get(VARIABLE):
        raise UsageError(f"{VARIABLE} is one environment's key", hint="say whose with --env")
    moment = now or location.clock.now()
    kept = _Kept(location)
    keys = [key for key in run_keys(location, environment) if key.expired(moment)]
    passed = _passed(months, kept, moment)
    names = _environments(location, environment, keys, months, passed)
    let_go = _ExpiredMonths(location, months, passed, names)
    logs = {name: _logs(location, name, kept, moment, dry_run=True) for name in names}
    if not dry_run:
        for name in names:
            _note(location, name, keys, logs[name].lines, let_go.by(name), environ)
        drop_keys(location, keys, f"Drop {len(keys)} keys whose retention has passed")
        logs = {name: _logs(location, name, kept, moment, dry_run=False) for name in names}
        for month in let_go.going:
            state_branch(location, f"{MONTH_BRANCH}{month}").remove()
    return PruneResult(
        {n: c for n in names if (c := sum(key.environment == n for key in keys))},
        {n: cleared.lines for n, cleared in logs.items() if cleared.lines},
        let_go.going,
        let_go.waiting,
        prune_caches(caches, moment.timestamp(), dry_run=dry_run) if caches else 0,
        tuple(path for cleared in logs.values() for path in cleared.busy),
        dry_run,
    )


class _ExpiredMonths:
    """Which of the months that nobody needs may go: those that every environment in them lets go.

    A sweep of `names` lets go for these; of another environment its own log must say it. One that the registry
    lists no more is swept by nobody, and holds no month up.
    """

    def __init__(
        self, location: StateLocation, months: Months, passed: Sequence[str], names: Sequence[str]
    ) -> None:
        self._in = {month: {record.environment for record in months[month]} for month in passed}
        listed = load_settings(registry_tree(location.root)).environments
        noted = cache(lambda name: recorded_prunings(location, name))
        self._noted = noted
        self.waiting = {
            month: late
            for month, held in self._in.items()
            if (
                late := [
                    name
                    for name in sorted(held - set(names))
                    if (not listed or name in listed) and month not in noted(name)
                ]
            )
        }
        self.going = tuple(month for month in passed if month not in self.waiting)

    def by(self, name: str) -> list[str]:
        """The months that an environment lets go now, and did not before."""
        own = [month for month, held in self._in.items() if name in held]
        return [month for month in own if month not in self._noted(name)] if own else []


class _Kept:
    """How long what a version's runs left may be kept; None where nothing bounds it."""

    def __init__(self, location: StateLocation) -> None:
        self._tree = registry_tree(location.root)
        self.records = load_settings(self._tree).record_retention
        self.of = cache(self._of)

    def _of(self, name: str, version: str) -> timedelta | None:
        path = f"{paths.version_dir(name, version)}/{paths.COMPILED}"
        try:
            value = parse_json(self._tree.read(path), location=path)
            retention = workflow_from(value, path).security.data_retention
        except RegistryError:
            return None  # a version that isn't there any more bounds nothing
        return timedelta(seconds=clock.seconds(retention)) if retention else None

    def record(self, record: PrunableRun) -> timedelta | None:
        """How long a record is kept."""
        own = self.of(record.workflow, record.version)
        rest = timedelta(seconds=clock.seconds(self.records)) if self.records else None
        return own if own is not None else rest


def _passed(months: Months, kept: _Kept, now: datetime) -> tuple[str, ...]:
    """Months of which nothing needs to be kept."""
    this = f"{now:%Y-%m}"
    before = f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
    return tuple(
        month
        for month, records in sorted(months.items())
        if month < min(this, before) and records and all(_old(r, kept, now) for r in records)
    )


def _old(record: PrunableRun, kept: _Kept, now: datetime) -> bool:
    limit = kept.record(record)
    return limit is not None and datetime.fromisoformat(record.time) + limit <= now


def _logs(
    location: StateLocation, environment: str, kept: _Kept, now: datetime, *, dry_run: bool
) -> local_logs.ClearResult:
    def goes(entry: Object) -> bool:
        about = entry.get("workflow")
        if not isinstance(about, dict):
            return False
        limit = kept.of(str(about.get("name")), str(about.get("version")))
        try:
            time = datetime.fromisoformat(str(entry.get("timestamp")))
        except ValueError:
            return False
        return limit is not None and time + limit <= now

    return local_logs.clear(location, environment, goes, dry_run=dry_run)


def _environments(
    location: StateLocation,
    environment: str,
    keys: Iterable[RunKey],
    months: Months,
    passed: Sequence[str],
) -> list[str]:
    if environment:
        return [environment]
    named = {key.environment for key in keys}
    named |= {record.environment for month in passed for record in months[month]}
    return sorted(named | set(local_logs.environments(location)))


def _note(  # noqa: PLR0913, PLR0917 - what goes, by where it is
    location: StateLocation,
    name: str,
    keys: Iterable[RunKey],
    lines: int,
    months: Sequence[str],
    environ: Mapping[str, str],
) -> None:
    """An entry before anything goes, so that no deed is without one; none where nothing does."""
    gone = sorted(key.execution_id for key in keys if key.environment == name)
    if gone or lines or months:
        detail: Object = {
            "executions": list[Value](gone),
            "log_lines": lines,
            "months": list[Value](months),
        }
        note(location, name, local_person(location, environ), "prune", detail, environ)
