"""Status tells what failed last beside what serves."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.status import statuses
from registry_tool.deploy.stages import StageFailedError
from tests.commands.deploying import ENV, Make, Scene, scene_of, shares, status


def test_a_failed_attempt_is_in_status(scene: Scene) -> None:
    scene.runs.made["1.1.0"] = (30, 25)
    reconcile(scene.target, how=scene.how())
    failed = status(scene).failed
    assert failed is not None
    assert (failed.version, failed.stage, failed.deployment) == ("1.1.0", "watch", "dep-a")
    assert failed.reason == "error_rate 0.833333 of 30 runs broke the threshold"
    scene.clock.forward(60)
    with pytest.raises(StageFailedError):
        deploy(scene.target, "hello:9.9.9", ENV, how=scene.how(actor="ada"))
    (output,) = status(scene).sentences()
    assert output.startswith("hello in production: the last attempt failed at select (dep-")
    assert "by ada, 2026-01-01T00:01:00.000Z): " in output
    assert "9.9.9" in output
    assert shares(scene) == {"1.0.0": 100}


def test_a_first_attempt_that_failed_is_in_status(make_registry: Make) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    scene = scene_of(registry)
    steps: Any = {
        "type": "all-at-once",
        "watch": {"metrics": [{"metric": "error_rate", "max": 0.2}]},
    }
    scene.runs.made = {"1.0.0": (30, 30)}
    with pytest.raises(StageFailedError):
        deploy(scene.target, "hello:1.0.0", "development", how=scene.how(strategy=steps))
    (found,) = statuses(scene.target, [scene.state("hello", "development")])
    assert found.failed is not None
    assert "the last attempt of 1.0.0 failed at watch" in next(found.sentences())
