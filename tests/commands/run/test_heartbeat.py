"""The series that alerts on absence are made of, out of a real registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.monitor.exporter import SeriesCollector
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.heartbeat import beat, beats, schedules_due
from registry_tool.commands.run.scheduled import BRANCH, scheduled
from registry_tool.deploy.stages import StageFailedError
from registry_tool.state.branches import state_branch
from registry_tool.state.target import Target
from tests.commands.conftest import MovingClock
from tests.commands.deploying import Make, Scene, scene_of
from tests.commands.run.test_scheduled import hourly, schedule


def test_a_sign_of_life_is_written_once_an_hour(served: Target, clock: MovingClock) -> None:
    assert beats(served) == {}
    beat(served, "production")
    branch = state_branch(served, BRANCH)
    first, began = branch.tip(), clock.now().timestamp()
    clock.move(minutes=59)
    beat(served, "production")
    assert branch.tip() == first
    clock.move(minutes=1)
    beat(served, "production")
    beat(served, "development")
    assert beats(served) == {"production": began + 3600, "development": began + 3600}
    clock.move(days=-2)  # a clock that was ahead holds nothing back
    beat(served, "production")
    assert beats(served)["production"] < began


def test_a_schedules_next_time_stays_until_it_is_dealt_with(
    served: Target, clock: MovingClock
) -> None:
    schedule(served, hourly(), hourly("resting", enabled="false"))
    assert schedules_due(served) == {}
    noon = clock.now().timestamp()
    list(scheduled(served, "production", Requester(22, "eve")))
    clock.move(hours=5)
    due = {("hourly", "hello", "production"): noon + 3600}
    assert schedules_due(served) == due
    watched = SeriesCollector(served)
    watched.refresh()
    labels = {"schedule": "hourly", "workflow_name": "hello", "environment": "production"}
    assert value(watched, "workflow_schedule_due_timestamp_seconds", labels) == noon + 3600


def value(watched: SeriesCollector, name: str, labels: dict[str, str]) -> float | None:
    return watched.registry.get_sample_value(name, labels)


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    return scene_of(registry)


def test_rollouts_and_failures_have_series_while_they_last(scene: Scene) -> None:
    where = {"workflow_name": "hello", "environment": "development"}
    failed = {**where, "stage": "watch"}
    began = scene.clock.moment.timestamp()
    how: Callable[..., DeployOptions] = scene.how
    deploy(scene.target, "hello:1.0.0", "development", how=how())
    watched = SeriesCollector(scene.target)
    watched.refresh()
    zero = {**where, "version": "1.0.0", "status": "error"}
    assert value(watched, "workflow_runs_total", zero) == 0.0
    assert value(watched, "workflow_deployment_failed_timestamp_seconds", failed) is None

    canary: Any = {"type": "canary", "watch": {"metrics": [{"metric": "error_rate", "max": 0.2}]}}
    scene.runs.made = {"1.1.0": (3, 1)}
    deploy(scene.target, "hello:1.1.0", "development", how=how(strategy=canary))
    watched.refresh()
    waits = {**where, "version": "1.1.0", "phase": "inconclusive"}
    assert value(watched, "workflow_rollout_since_timestamp_seconds", waits) == began

    scene.runs.made = {"1.1.0": (30, 30)}
    scene.clock.forward(60)
    with pytest.raises(StageFailedError):
        deploy(scene.target, "hello:1.1.0", "development", how=how())
    watched.refresh()
    assert value(watched, "workflow_rollout_since_timestamp_seconds", waits) is None
    assert value(watched, "workflow_deployment_failed_timestamp_seconds", failed) == began + 60

    scene.runs.made = {}
    deploy(scene.target, "hello:1.1.0", "development", how=how(strategy={"type": "all-at-once"}))
    watched.refresh()
    assert value(watched, "workflow_deployment_failed_timestamp_seconds", failed) is None
