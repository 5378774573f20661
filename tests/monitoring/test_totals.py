from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry

from registry_tool.core.values import Object
from registry_tool.monitoring.metrics import openmetrics
from registry_tool.monitoring.totals import DeploymentCount, RunNote, Totals

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def totals() -> tuple[Totals, CollectorRegistry]:
    registry = CollectorRegistry()
    return Totals(registry, lambda name, _: name == "hello"), registry


def note(execution_id: str, **more: object) -> RunNote:
    fields = {"time": NOON, "environment": "production", **more}
    return RunNote(execution_id, "hello", "1.0.0", **fields)  # type: ignore[arg-type]


def log(execution_id: str, event: str = "execution_finished", name: str = "hello") -> Object:
    return {
        "workflow": {"name": name, "version": "1.0.0", "execution_id": execution_id},
        "event": event,
        "metadata": {"status": "success", "seconds": 1.5, "usage": {"input_tokens": 4}},
    }


def runs(registry: CollectorRegistry, name: str = "hello", status: str = "success") -> float | None:
    version = "1.0.0" if name == "hello" else "other"
    labels = {"workflow_name": name, "version": version, "status": status}
    return registry.get_sample_value("workflow_executions_total", labels)


def test_a_run_that_stands_in_log_and_record_counts_once() -> None:
    sums, registry = totals()
    sums.note(note("a"))
    sums.log_line(log("a"))
    sums.note(note("a", status="success", seconds=1.5, usage={"input_tokens": 4}))
    sums.note(note("b", status="success", seconds=0.5))
    sums.log_line(log("b"))
    assert runs(registry) == 2.0
    labels = {"workflow_name": "hello", "version": "1.0.0"}
    assert registry.get_sample_value("workflow_execution_duration_sum", labels) == 2.0


def test_what_a_caller_calls_is_in_the_callers_numbers() -> None:
    sums, registry = totals()
    sums.log_line(log("a", "execution_started"))
    sums.log_line(log("a.hello"))
    sums.log_line(log("a"))
    assert runs(registry) == 1.0


def test_names_that_the_registry_does_not_hold_make_no_series() -> None:
    sums, registry = totals()
    for number in range(50):
        sums.log_line(log(f"x{number}", name=f"stranger-{number}"))
        sums.note(note(f"y{number}", status=f"mood-{number}"))
    assert runs(registry, "other") == 50.0
    assert runs(registry, status="other") == 50.0
    assert "stranger" not in openmetrics(registry)
    assert "mood" not in openmetrics(registry)


def test_a_line_that_is_no_event_is_passed_over() -> None:
    sums, registry = totals()
    for line in ({}, {"workflow": 1}, {"workflow": {}, "metadata": None}):
        sums.log_line(line)
    assert runs(registry) is None


def test_a_run_without_an_end_is_lost_once_its_time_is_over() -> None:
    sums, _ = totals()
    sums.note(note("a", policy=timedelta(minutes=10)))
    sums.note(note("b", policy=timedelta(minutes=10)))
    assert sums.lost(NOON + timedelta(minutes=9)) == {}
    assert sums.lost(NOON + timedelta(minutes=11)) == {("hello", "production"): 2}
    sums.note(note("a", status="error"))
    assert sums.lost(NOON + timedelta(minutes=11)) == {("hello", "production"): 1}


def test_quotas_are_the_nearest_accounts_and_begin_anew_each_month() -> None:
    sums, _ = totals()
    for number in range(40):
        sums.note(note(f"a{number}", actor="ada", plan="free"))
    sums.note(note("batch", actor="bob", plan="free", runs=90))
    assert sums.used(NOON, {"free": 100, "professional": 10_000}) == {
        "free": 0.9,
        "professional": 0.0,
    }
    december = NOON + timedelta(days=10)
    assert sums.used(december, {"free": 100}) == {"free": 0.0}
    sums.note(note("c", actor="ada", plan="free", time=december))
    assert sums.used(december, {"free": 100}) == {"free": 0.01}


def test_a_record_from_the_future_takes_nothing_from_this_month() -> None:
    sums, _ = totals()
    sums.note(note("now", actor="ada", plan="free"))
    december = NOON + timedelta(days=10)
    sums.note(note("ahead", actor="ada", plan="free", time=december, runs=7))
    sums.note(note("now-too", actor="ada", plan="free"))
    assert sums.used(NOON, {"free": 100}) == {"free": 0.02}
    assert sums.used(december, {"free": 100}) == {"free": 0.07}


@dataclass(frozen=True)
class Stage:
    """What is asked of an event of registry_tool/deploy/event_log.py."""

    deployment: str
    stage: str
    status: str
    seconds: float
    finished: bool
    workflow: str = "hello"
    environment: str = "production"


def stage(deployment: str, name: str, status: str = "ok", seconds: float = 1.0) -> Stage:
    """`watched` is the watch after the last step."""
    last = name == "watched"
    return Stage(deployment, "watch" if last else name, status, seconds, last)


def test_a_deployment_ends_with_its_last_watch_or_with_a_failed_stage() -> None:
    count = DeploymentCount()
    begun = [stage("a", "select"), stage("b", "select"), stage("a", "switch"), stage("a", "watch")]
    assert list(count.ends(begun)) == []
    found = list(count.ends([stage("a", "watched", seconds=600), stage("b", "allocate", "failed")]))
    assert found == [
        ("hello", "production", "success", 2.0),
        ("hello", "production", "failed", 2.0),
    ]
    assert list(count.ends([stage("a", "watched"), stage("b", "resolve", "failed")])) == []
