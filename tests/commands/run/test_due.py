from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from registry_tool.cli.registry import cli
from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.due import Cadence, due_work
from registry_tool.commands.run.scheduled import scheduled
from tests.commands.deploying import Make, Scene, scene_of

SCHEDULE = """\
schedules:
  - { name: hourly, cron: '0 * * * *', environment: staging, workflow: hello, inputs: { who: Ada } }
  - { name: idle, cron: '* * * * *', environment: development, workflow: hello, enabled: false }
"""
PAUSED: Any = {"type": "canary", "steps": [{"weight": 10, "pause": "10m"}]}


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    return scene_of(registry)


def due(scene: Scene, part: Cadence = Cadence.OFTEN) -> dict[str, tuple[str, ...]]:
    return {work.environment: work.reasons for work in due_work(scene.target, part)}


def test_nothing_is_due(scene: Scene) -> None:
    assert due(scene) == {}
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    assert due(scene) == {}
    assert list(due(scene, Cadence.DAILY)) == ["development", "staging", "production"]


def test_a_rollout_that_has_not_ended(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    deploy(scene.target, "hello:1.1.0", "development", how=scene.how(strategy=PAUSED))
    assert due(scene) == {"development": ("hello: a rollout is paused",)}


def test_a_schedule(scene: Scene) -> None:
    settings = scene.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + SCHEDULE)
    assert due(scene) == {"staging": ("hourly: it is new",)}
    list(scheduled(scene.target, "staging", Requester(), scene.clock.now()))
    assert due(scene) == {}
    scene.clock.forward(3600)
    assert due(scene) == {"staging": ("hourly: it is due",)}


def test_a_schedule_whose_record_is_from_the_future(scene: Scene) -> None:
    settings = scene.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + SCHEDULE)
    list(scheduled(scene.target, "staging", Requester(), scene.clock.now()))
    scene.clock.forward(-2 * 86_400)
    (reason,) = due(scene)["staging"]
    assert reason.startswith("hourly: what was dealt with last is noted with a time that is yet")


def test_the_command(scene: Scene, tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    words = ["due", "--root", str(scene.root), "--outputs", str(outputs)]
    done = CliRunner().invoke(cli, words)
    assert (done.exit_code, "Nothing is due." in done.output) == (0, True)
    assert outputs.read_text().splitlines()[1] == "[]"
    outputs.unlink()
    done = CliRunner().invoke(cli, [*words, "--part", "daily"])
    listed = json.loads(outputs.read_text().splitlines()[1])
    assert listed == ["development", "staging", "production"]
