"""What the newest events say beside what serves: the last failure, the last way back."""

from __future__ import annotations

from registry_tool.core.values import Value
from registry_tool.deploy.attempts import (
    _FURTHEST,
    failure_sentence,
    last_failure,
    last_rollback,
    rollback_sentence,
)
from registry_tool.deploy.event_log import DeployEvent


def event(
    stage: str, deployment: str = "dep-1", status: str = "ok", **detail: Value
) -> DeployEvent:
    return DeployEvent(
        number=1, previous="", deployment=deployment, workflow="hello", environment="production",
        stage=stage, status=status, time="2026-03-01T12:00:00.000Z", seconds=0.1, detail=detail,
    )  # fmt: skip


def test_a_failure_is_reported_with_its_version_and_person() -> None:
    newest_first = [
        event("resolve", "dep-2", "failed", reason="no version fits"),
        event("select", "dep-1", version="9.9.9", actor="eve"),  # another's, in between
        event("select", "dep-2", version="1.1.0", actor="ada"),
        event("watch", "dep-1", finished=True),
    ]
    result = last_failure(newest_first)
    assert result is not None
    assert failure_sentence("hello in production", result) == (
        "hello in production: the last attempt of 1.1.0 failed at resolve "
        "(dep-2 by ada, 2026-03-01T12:00:00.000Z): no version fits"
    )
    assert result.to_value()["stage"] == "resolve"


def test_metrics_that_broke_are_the_reason_where_a_stage_gives_none() -> None:
    metrics: list[Value] = [
        {"metric": "error_rate", "value": 0.5, "verdict": "failed"},
        {"metric": "cost_per_run", "value": 0.1, "verdict": "successful"},
    ]
    result = last_failure([event("watch", status="failed", metrics=metrics, runs=20)])
    assert result is not None
    assert result.reason == "error_rate 0.5 of 20 runs broke the threshold"
    assert "attempt failed at watch (dep-1, 2026" in failure_sentence("x", result)


def test_what_ended_well_since_is_no_news() -> None:
    failed = event("resolve", "dep-1", "failed", reason="no")
    assert last_failure([event("watch", "dep-2", finished=True), failed]) is None
    assert last_failure([event("watch", "dep-2"), failed]) is not None
    assert last_failure([event("switch")]) is None
    assert last_failure([]) is None


def test_only_the_newest_events_are_looked_at() -> None:
    failed = event("resolve", "dep-1", "failed", reason="no")
    assert last_failure([*[event("pause")] * (_FURTHEST - 1), failed]) is not None
    assert last_failure([*[event("pause")] * _FURTHEST, failed]) is None


def test_a_way_back_that_a_person_asked_for() -> None:
    asked: dict[str, Value] = {"asked": True, "from": "1.1.0", "actor": "ada", "reason": "worse"}
    result = last_rollback(
        [event("pause"), event("rollback", **asked), event("watch", finished=True)]
    )
    assert result is not None
    assert rollback_sentence("hello in production", result) == (
        "hello in production: rolled back from 1.1.0 by ada (2026-03-01T12:00:00.000Z): worse"
    )
    result = last_rollback([event("rollback", **{**asked, "reason": "", "actor": ""})])
    assert result is not None
    assert rollback_sentence("x", result).endswith(
        "1.1.0 (2026-03-01T12:00:00.000Z), without a reason"
    )


def test_one_that_the_tool_made_or_that_is_over_is_none() -> None:
    asked: dict[str, Value] = {"asked": True, "from": "1.1.0"}
    assert last_rollback([event("rollback", reason="the watch failed")]) is None
    assert last_rollback([event("watch", finished=True), event("rollback", **asked)]) is None
