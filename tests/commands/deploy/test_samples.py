from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.samples import samples_of
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.review.check import write_compiled
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.execute import execute
from registry_tool.commands.run.outcome import RunOutcome, record
from registry_tool.core.clock import instant
from registry_tool.deploy.analysis import RunQuery
from registry_tool.deploy.model import Phase
from registry_tool.engine.providers.models.base import Usage
from registry_tool.runtime.run_program import RunOptions
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target, deployed
from registry_tool.store.tree import FolderTree
from tests.commands.conftest import MovingClock
from tests.commands.deploying import Make, Scene, scene_of

HELLO = ExecuteRequest("hello", {"who": "Ada"})
EVE = Requester(22, "eve")
CANARY: Any = {
    "type": "canary",
    "steps": [{"weight": 50, "pause": "10m"}],
    "watch": {"metrics": [{"metric": "error_rate", "max": 0.3}]},
}


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    """hello 1.1.0 fails on every input that is not JSON; its test has one that is."""
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"
    text = manifest.read_text().replace(
        'modify_type: edit_text, content: "Hello, {{who}}!"',
        "modify_type: convert2structured, conversion_mode: parse_as_json",
    )
    text = text.replace("id: greeting, type: text", "id: greeting, type: structured")
    text = text.replace("name: greeting, type: string", "name: greeting, type: array")
    text = text.replace("who: world", "who: '[1]'").replace('"Hello, world!"', "[1]")
    manifest.write_text(text)
    write_compiled(registry.root, FolderTree(registry.root))
    return scene_of(registry)


def test_real_runs_are_shared_and_judged(scene: Scene) -> None:
    target, how = scene.target, DeployOptions(strategy=CANARY)
    deploy(target, "hello:1.0.0", "development")
    state = deploy(target, "hello:1.1.0", "development", how=how)
    assert state.rollout is not None
    for number in range(30):
        run = RunOptions("development", execution_id=f"exec-{number}")
        execute(target, "hello", {"who": "Ada"}, run)
    shares = [state.choose(f"exec-{number}").version for number in range(30)]
    since = RunQuery("development", "hello", state.rollout.deployment, state.rollout.since)
    samples = samples_of(target)(since)
    assert len(samples) == shares.count("1.1.0") > 5
    assert {(s.version, s.status) for s in samples} == {("1.1.0", "error")}
    done = reconcile(target, how=how)
    assert done[0].error is not None
    assert scene.state("hello", "development").main.version == "1.0.0"


def test_good_runs_let_it_go_on(scene: Scene) -> None:
    target, how = scene.target, DeployOptions(strategy=CANARY)
    deploy(target, "hello:1.0.0", "development")
    deploy(target, "hello:1.1.0", "development", how=how)
    for number in range(30):
        run = RunOptions("development", execution_id=f"exec-{number}")
        execute(target, "hello", {"who": "[2]"}, run)
    scene.clock.forward(601)
    reconcile(scene.target, how=how)
    state = scene.state("hello", "development")
    assert state.main.version == "1.1.0"
    assert state.rollout is None or state.rollout.phase is Phase.INCONCLUSIVE


def test_the_watch_of_a_deployment_judges_its_runs(served: Target, clock: MovingClock) -> None:
    deployment = deployed(served, "hello", "production").main.deployment
    since = RunQuery("production", "hello", deployment, instant(clock.now()))
    assert samples_of(served)(since) == []
    ring = ring_of(served, "production")
    done = admit(served, "production", HELLO, EVE, execution_id="exec-1", ring=ring)
    usage = Usage(10, 5, 1, 0.25)
    record(served, done, RunOutcome("exec-1", "error", 1.5, usage, "provider"), ring)
    admit(served, "production", HELLO, EVE, execution_id="exec-2", ring=ring)
    (sample,) = samples_of(served)(since)  # the second one is still under way
    assert (sample.version, sample.status, sample.seconds) == ("1.0.0", "error", 1.5)
    assert (sample.tokens, sample.cost) == (15, 0.25)
    clock.move(hours=1)
    assert [s.status for s in samples_of(served)(since)] == ["error", "lost"]
    assert samples_of(served)(replace(since, deployment="another")) == []
    assert samples_of(served)(replace(since, time=instant(clock.now()))) == []
