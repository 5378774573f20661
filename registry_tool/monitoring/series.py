"""Every series that there is: name, labels, buckets; docs/monitoring.md lists them.

The first three are the design document's, with exactly its labels. Labels hold names from manifests,
`registry.yaml` and fixed lists only, so that nobody's inputs can make series.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from registry_tool.core.values import Frozen, Value

RUN_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
DEPLOYMENT_BUCKETS = (1, 2.5, 5, 10, 20, 30, 60, 120, 300, 900, 3600)
STATUSES = frozenset({"success", "error", "timeout", "cancelled", "lost", "denied"})
OTHER = "other"
_RESOURCES = ("input_tokens", "output_tokens", "calls", "cost_usd")


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """What is counted of a run. `usage` holds tokens, calls and dollars, as in a run's result.

    `environment` is empty for a run that was in none.
    """

    workflow: str
    version: str
    status: str
    seconds: float | None
    usage: Frozen
    environment: str = ""


class RunSeries:
    """What runs took: the design document's three metrics, tokens and dollars."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._executions = Counter(
            "workflow_executions",
            "Finished executions.",
            ["workflow_name", "version", "status"],
            registry=registry,
        )
        self._runs = Counter(
            "workflow_runs",
            "Finished executions by environment.",
            ["workflow_name", "version", "environment", "status"],
            registry=registry,
        )
        self._duration = Histogram(
            "workflow_execution_duration",
            "Wall time of executions in seconds.",
            ["workflow_name", "version"],
            buckets=RUN_BUCKETS,
            registry=registry,
        )
        self._usage = Gauge(
            "workflow_resource_usage",
            "What the latest execution used: tokens in, tokens out, model calls, dollars.",
            ["workflow_name", "resource_type"],
            registry=registry,
        )
        self._tokens = Counter(
            "workflow_tokens",
            "Tokens that models were given and gave.",
            ["workflow_name", "version", "environment", "direction"],
            registry=registry,
        )
        self._cost = Counter(
            "workflow_cost_usd",
            "Dollars, where prices are known.",
            ["workflow_name", "version", "environment"],
            registry=registry,
        )

    def count(self, run: FinishedRun) -> None:
        """Count one finished run."""
        status = run.status if run.status in STATUSES else OTHER
        where = (run.workflow, run.version, run.environment)
        self._executions.labels(run.workflow, run.version, status).inc()
        self._runs.labels(*where, status).inc()
        if run.seconds is not None:
            self._duration.labels(run.workflow, run.version).observe(run.seconds)
        for kind in _RESOURCES:
            if (amount := _number(run.usage.get(kind))) is not None:
                self._usage.labels(run.workflow, kind).set(amount)
        for direction, key in (("in", "input_tokens"), ("out", "output_tokens")):
            if (tokens := _number(run.usage.get(key))) is not None:
                self._tokens.labels(*where, direction).inc(tokens)
        if (cost := _number(run.usage.get("cost_usd"))) is not None:
            self._cost.labels(*where).inc(cost)

    def expect(self, workflow: str, version: str, environment: str) -> None:
        """Show zeros for what may be counted, so that the first run is seen as an increase."""
        for status in sorted(STATUSES):
            self._runs.labels(workflow, version, environment, status)


def _number(value: Value) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    return float(value) if usable and isinstance(value, int | float) else None


class StateSeries:
    """What a registry's environments look like: deployments, weights, quotas, what retires."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._deployments = Counter(
            "workflow_deployments",
            "Deployments that ended.",
            ["workflow_name", "environment", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "workflow_deployment_seconds",
            "Time of a successful deployment's stages without its watch, in seconds.",
            ["environment"],
            buckets=DEPLOYMENT_BUCKETS,
            registry=registry,
        )
        self._weight = Gauge(
            "workflow_serving_weight",
            "Percent of the runs that a version takes.",
            ["workflow_name", "version", "environment"],
            registry=registry,
        )
        self._lost = Gauge(
            "workflow_runs_lost",
            "Runs of this month that began, and whose end nobody wrote down in time.",
            ["workflow_name", "environment"],
            registry=registry,
        )
        self._quota = Gauge(
            "workflow_quota_used_ratio",
            "Of the month's runs, the part that the account nearest to its limit has used.",
            ["plan"],
            registry=registry,
        )
        self._retires = Gauge(
            "workflow_model_retirement_timestamp_seconds",
            "When a model that a serving version asks will be gone, in Unix time.",
            ["workflow_name", "version", "environment", "model"],
            registry=registry,
        )

        self._keys = Gauge(
            "workflow_environment_key_timestamp_seconds",
            "Since when an environment's newest key is in use, in Unix time.",
            ["environment"],
            registry=registry,
        )

        self._last_run = Gauge(
            "workflow_last_run_timestamp_seconds",
            "When the last run ended, in Unix time.",
            ["workflow_name", "environment"],
            registry=registry,
        )
        self._last_success = Gauge(
            "workflow_last_success_timestamp_seconds",
            "When the last successful run ended, in Unix time; 0 where none did.",
            ["workflow_name", "environment"],
            registry=registry,
        )
        self._rollouts = Gauge(
            "workflow_rollout_since_timestamp_seconds",
            "Since when a rollout is in its phase, in Unix time.",
            ["workflow_name", "version", "environment", "phase"],
            registry=registry,
        )
        self._failed = Gauge(
            "workflow_deployment_failed_timestamp_seconds",
            "When the last deployment failed, in Unix time; absent once one ends well.",
            ["workflow_name", "environment", "stage"],
            registry=registry,
        )
        self._schedules = Gauge(
            "workflow_schedule_due_timestamp_seconds",
            "When the next time of a schedule comes, or came, in Unix time.",
            ["schedule", "workflow_name", "environment"],
            registry=registry,
        )
        self._heartbeats = Gauge(
            "workflow_scheduler_heartbeat_timestamp_seconds",
            "When the scheduled job last looked after an environment, in Unix time.",
            ["environment"],
            registry=registry,
        )

    def last_runs(self, ended: Mapping[tuple[str, str], tuple[float, float]]) -> None:
        """(last run, last success or 0) by (workflow, environment)."""
        self._set(self._last_run, [(key, last) for key, (last, _) in ended.items()])
        self._set(self._last_success, [(key, good) for key, (_, good) in ended.items()])

    def rollouts(self, since: Mapping[tuple[str, str, str, str], float]) -> None:
        """Unix times by (workflow, version, environment, phase)."""
        self._set(self._rollouts, since.items())

    def failures(self, times: Mapping[tuple[str, str, str], float]) -> None:
        """Unix times by (workflow, environment, stage)."""
        self._set(self._failed, times.items())

    def clockwork(
        self, due: Mapping[tuple[str, str, str], float], beats: Mapping[str, float]
    ) -> None:
        """Unix times: of each schedule's next time by (schedule, workflow, environment), of signs of life."""
        self._set(self._schedules, due.items())
        self._set(self._heartbeats, [((name,), when) for name, when in beats.items()])

    def deployed(self, workflow: str, environment: str, status: str, seconds: float) -> None:
        """Count a deployment that ended: `success` or `failed`."""
        self._deployments.labels(workflow, environment, status).inc()
        if status == "success":
            self._seconds.labels(environment).observe(seconds)

    def serving(self, weights: Mapping[tuple[str, str, str], int]) -> None:
        """What serves now: percent by (workflow, version, environment)."""
        self._set(self._weight, weights.items())

    def lost(self, runs: Mapping[tuple[str, str], int]) -> None:
        """Lost runs by (workflow, environment)."""
        self._set(self._lost, runs.items())

    def quotas(self, used: Mapping[str, float]) -> None:
        """The greatest part that an account has used, by plan."""
        self._set(self._quota, [((plan,), part) for plan, part in used.items()])

    def retirements(self, times: Mapping[tuple[str, str, str, str], float]) -> None:
        """Unix times by (workflow, version, environment, model)."""
        self._set(self._retires, times.items())

    def keys(self, since: Mapping[str, float]) -> None:
        """Unix times by environment."""
        self._set(self._keys, [((name,), when) for name, when in since.items()])

    @staticmethod
    def _set(gauge: Gauge, values: Iterable[tuple[tuple[str, ...], float]]) -> None:
        gauge.clear()  # what no longer serves is gone, not zero
        for labels, value in values:
            gauge.labels(*labels).set(value)


class DriftSeries:
    """What the last look for drift found."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._differences = Gauge(
            "workflow_drift",
            "Differences between what models answer now and what is recorded.",
            ["workflow_name", "environment"],
            registry=registry,
        )
        self._checked = Gauge(
            "workflow_drift_checked_timestamp_seconds",
            "When drift was last looked for, in Unix time.",
            ["workflow_name", "environment"],
            registry=registry,
        )

    def checked(self, workflow: str, environment: str, differences: int, when: float) -> None:
        """Note one look."""
        self._differences.labels(workflow, environment).set(differences)
        self._checked.labels(workflow, environment).set(when)
