"""What a registry's runs and deployments add up to; fed with what is new, never with anything twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from prometheus_client import CollectorRegistry

from registry_tool.core.values import Frozen
from registry_tool.monitoring.metrics import OutermostRuns, finished_run
from registry_tool.monitoring.series import OTHER, FinishedRun, RunSeries, StateSeries

Known = Callable[[str, str], bool]
"""Whether the registry holds a version: only such names become labels."""


@dataclass(frozen=True, slots=True)
class RunNote:
    """What the totals take from a run's record. `status` is empty for one that began.

    Of such a one, `time` is its beginning, `runs` how many it counts as, and it is lost once `policy` is over.
    """

    execution_id: str
    workflow: str
    version: str
    environment: str
    time: datetime
    actor: str = ""
    plan: str = ""
    runs: int = 1
    policy: timedelta = timedelta(hours=6)
    status: str = ""
    seconds: float | None = None
    usage: Frozen = field(default_factory=dict)


class Totals:
    """Counters that only grow, and gauges of how things are now."""

    def __init__(self, registry: CollectorRegistry, known: Known) -> None:
        self.state = StateSeries(registry)
        self._runs = RunSeries(registry)
        self._known = known
        self._outermost = OutermostRuns()
        self._seen: set[str] = set()
        self._open: dict[str, RunNote] = {}
        self._ended: dict[tuple[str, str], tuple[float, float]] = {}
        self._used: dict[str, dict[tuple[str, str], int]] = {}

    def note(self, run: RunNote) -> None:
        """Take a record: a run that began, or one that ended."""
        if run.status:
            self._open.pop(run.execution_id, None)
            self._count(
                run.execution_id,
                FinishedRun(
                    run.workflow, run.version, run.status, run.seconds, run.usage, run.environment
                ),
            )
            self._end(run)
            return
        self._use(run)
        if run.execution_id not in self._seen:  # its log may have been read first
            self._open[run.execution_id] = run

    def _end(self, run: RunNote) -> None:
        """When the last run of a workflow and its last good one ended, by the clocks of whoever ran them."""
        if not self._known(run.workflow, run.version):
            return
        key, when = (run.workflow, run.environment), run.time.timestamp()
        last, good = self._ended.get(key, (0.0, 0.0))
        self._ended[key] = (max(last, when), max(good, when) if run.status == SUCCESS else good)

    def ended(self, now: datetime) -> dict[tuple[str, str], tuple[float, float]]:
        """(last run, last success or 0) by (workflow, environment), in Unix time; none of them in the future."""
        latest = now.timestamp()
        return {
            k: (min(last, latest), min(good, latest)) for k, (last, good) in self._ended.items()
        }

    def expect(self, workflow: str, version: str, environment: str) -> None:
        """Show zeros for a version that serves."""
        self._runs.expect(workflow, version, environment)

    def log_line(self, line: Mapping[str, object], environment: str = "") -> None:
        """Take a line of a run's log (registry_tool/monitoring/log.py)."""
        about, metadata = line.get("workflow"), line.get("metadata")
        if not isinstance(about, dict) or not isinstance(metadata, dict):
            return
        execution_id = str(about.get("execution_id", ""))
        if self._outermost.ends(str(line.get("event", "")), execution_id):
            name, version = str(about.get("name", "")), str(about.get("version", ""))
            self._count(execution_id, finished_run(name, version, metadata, environment))

    def _count(self, execution_id: str, run: FinishedRun) -> None:
        """A run that stands in a log and in a record counts once."""
        if execution_id in self._seen:
            return
        self._seen.add(execution_id)
        known = self._known(run.workflow, run.version)
        self._runs.count(run if known else replace(run, workflow=OTHER, version=OTHER))

    def _use(self, run: RunNote) -> None:
        """Count it in its own month, so that a clock that is wrong takes nothing from the present one."""
        if run.plan:
            used, account = self._used.setdefault(f"{run.time:%Y-%m}", {}), (run.plan, run.actor)
            used[account] = used.get(account, 0) + run.runs

    def used(self, now: datetime, limits: Mapping[str, int]) -> dict[str, float]:
        """The greatest part of the month's runs that an account used, by plan with a limit (runs a month)."""
        parts = dict.fromkeys(limits, 0.0)
        month = f"{now:%Y-%m}"
        self._used = {each: used for each, used in self._used.items() if each >= month}
        for (plan, _), runs in self._used.get(month, {}).items():
            if limits.get(plan):
                parts[plan] = max(parts[plan], runs / limits[plan])
        return parts

    def lost(self, now: datetime) -> dict[tuple[str, str], int]:
        """Runs that have no end although their time is over, by (workflow, environment)."""
        found: dict[tuple[str, str], int] = {}
        for run in self._open.values():
            if now - run.time > run.policy and self._known(run.workflow, run.version):
                key = (run.workflow, run.environment)
                found[key] = found.get(key, 0) + 1
        return found


SUCCESS, FAILED = "success", "failed"


class StageEnd(Protocol):
    """What is asked of the event of a deployment's stage. `seconds` is how long it took."""

    @property
    def deployment(self) -> str:
        """The deployment's id."""

    @property
    def workflow(self) -> str:
        """What was deployed."""

    @property
    def environment(self) -> str:
        """Where."""

    @property
    def stage(self) -> str:
        """The stage's name."""

    @property
    def status(self) -> str:
        """`ok`, `failed` or another one."""

    @property
    def seconds(self) -> float:
        """How long it took."""

    @property
    def finished(self) -> bool:
        """Whether the deployment ended well by it."""


class DeploymentCount:
    """Finds the ends of deployments among the events of their stages."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._ended: set[str] = set()

    def ends(self, events: Iterable[StageEnd]) -> Iterable[tuple[str, str, str, float]]:
        """(workflow, environment, status, seconds) of every deployment that ends in these events.

        A failed stage ends it, and so does the watch after the last step. `seconds` are those of its stages
        together without the watch, which lasts as long as its strategy says.
        """
        for event in events:
            name = event.deployment
            work = 0.0 if event.stage == "watch" else event.seconds
            self._seconds[name] = self._seconds.get(name, 0.0) + work
            failed = event.status == "failed"
            if name in self._ended or not (failed or (event.finished and event.status == "ok")):
                continue
            self._ended.add(name)
            yield (
                event.workflow,
                event.environment,
                FAILED if failed else SUCCESS,
                self._seconds.pop(name),
            )
