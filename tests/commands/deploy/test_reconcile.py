from __future__ import annotations

import os
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.deploy.deployer import RolloutInTheWayError
from registry_tool.deploy.model import Deployment, Phase, StageEvent
from registry_tool.deploy.transitions import LeaseLostError
from tests.bounded import PATIENCE
from tests.commands.deploying import QUICK, Make, Now, Scene, scene_of


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        registry.add("hello", version)
    return scene_of(registry)


class Killed(BaseException):
    """Stands for kill -9 within a process: nothing is cleaned up. The real thing: tests/e2e/test_kills.py."""


def killed_after(scene: Scene, stage: str, reference: str, **how: Any) -> Deployment:
    """Deploy and stop dead once a stage is on record; the state that is left."""

    def on_event(event: StageEvent) -> None:
        if event.stage == stage:
            raise Killed

    with pytest.raises(Killed):
        deploy(scene.target, reference, "development", on_event, scene.how(**how))
    return scene.state("hello", "development")


STAGES = ("select", "configure", "resolve", "allocate", "health-check")


@pytest.mark.parametrize("stage", STAGES)
def test_what_died_before_its_switch_is_completed(scene: Scene, stage: str) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    left = killed_after(scene, stage, "hello:1.1.0", id="dep-a", config={"debug": True})
    assert left.main.version == "1.0.0" or stage == "health-check"
    done = reconcile(scene.target, how=scene.how())
    assert done[0].error is None
    state = scene.state("hello", "development")
    assert (state.main.version, state.id, state.rollout) == ("1.1.0", "dep-a", None)
    assert dict(state.main.config) == {"debug": True}


@pytest.mark.parametrize("stage", [*STAGES, "switch"])
def test_the_next_deployer_goes_its_own_way(scene: Scene, stage: str) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    killed_after(scene, stage, "hello:1.1.0", id="dep-a")
    deploy(scene.target, "hello:2.0.0", "development", how=scene.how())
    state = scene.state("hello", "development")
    assert (state.main.version, state.rollout) == ("2.0.0", None)
    assert state.previous is not None
    # what had switched was finished first; what had not was abandoned
    switched = stage in {"health-check", "switch"}
    assert state.previous.version == ("1.1.0" if switched else "1.0.0")
    stages = [event["stage"] for event in scene.events("hello", "development")]
    assert ("abandon" in stages) is not switched
    assert ("resume" in stages) is switched


def test_a_dead_rollout_that_goes_badly_does_not_stop_the_next(scene: Scene) -> None:
    watch: Any = {"watch": {"metrics": [{"metric": "error_rate", "max": 0.2}]}}
    scene.runs.made = {"1.1.0": (30, 30)}
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    killed_after(scene, "switch", "hello:1.1.0", strategy=watch)
    deploy(scene.target, "hello:2.0.0", "development", how=scene.how())
    state = scene.state("hello", "development")
    assert state.main.version == "2.0.0"
    assert state.previous is not None
    assert state.previous.version == "1.0.0"
    assert "1.0.0 serves again" in scene.said[-1]


def test_the_same_job_again_need_not_wait(scene: Scene) -> None:
    left = killed_after(scene, "resolve", "hello:1.1.0", id="dep-a")
    assert left.rollout is not None
    patient = replace(QUICK, lease=10**6, dead=lambda _: False)
    state = deploy(
        scene.target, "hello:1.1.0", "development", how=scene.how(id="dep-a", policy=patient)
    )
    assert (state.main.version, state.rollout) == ("1.1.0", None)


def test_a_rival_waits_for_who_lives_and_gives_up_at_last(scene: Scene) -> None:
    killed_after(scene, "resolve", "hello:1.1.0")
    impatient = replace(QUICK, lease=10**6, longest=0.3)
    with pytest.raises(RolloutInTheWayError, match="is still at work on hello"):
        deploy(scene.target, "hello:2.0.0", "development", how=scene.how(policy=impatient))
    found = [sentence for sentence in scene.said if sentence.startswith("waiting for")]
    assert len(found) == 1  # once, however long it lasts
    assert f"process {os.getpid()} of this machine holds it" in found[0]
    assert " since 2026-01-01T00:00:00" in found[0]
    assert "taken over after 1e+06 s without a sign of life; waiting ends after 0.3 s" in found[0]


def test_reconcile_says_whose_lease_it_waits_for(scene: Scene) -> None:
    killed_after(scene, "resolve", "hello:1.1.0", actor="ada")
    reconcile(scene.target, how=scene.how(policy=replace(QUICK, dead=lambda _: False)))
    found = [sentence for sentence in scene.said if "waiting for" in sentence]
    assert len(found) == 1
    assert found[0].startswith("hello in development: waiting for the deployment dep-")
    assert "holds it for ada since" in found[0]
    assert scene.state("hello", "development").main.version == "1.1.0"


def test_a_holder_that_beats_is_left_alone(scene: Scene) -> None:
    """A health check that takes longer than the lease: the beat says that its deployer lives."""
    entered, over = threading.Event(), threading.Event()
    results: list[Deployment] = []

    def slow() -> None:
        results.append(
            deploy(scene.target, "hello:1.1.0", "development", how=slow_how(scene, entered, over))
        )

    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    thread = threading.Thread(target=slow)
    thread.start()
    assert entered.wait(PATIENCE)
    done = reconcile(scene.target, how=scene.how())
    assert done[0].at_work
    over.set()
    thread.join()
    assert results[0].main.version == "1.1.0"
    assert scene.state("hello", "development").main.version == "1.1.0"


def slow_how(scene: Scene, entered: threading.Event, over: threading.Event) -> DeployOptions:
    """Samples that come late."""

    def samples(_: object) -> list[Any]:
        entered.set()
        assert over.wait(PATIENCE)
        return []

    watch: Any = {"metrics": [{"metric": "error_rate", "max": 1}]}
    return scene.how(samples=samples, strategy={"watch": watch})


def test_who_slept_through_the_lease_is_fenced_off(scene: Scene) -> None:
    """A deployer stops in its tracks (SIGSTOP, a sleeping machine); another takes over; the first wakes."""
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())
    asleep, wake = threading.Event(), threading.Event()
    errors: list[BaseException] = []

    def sleeper() -> None:
        def on_event(event: StageEvent) -> None:
            if event.stage == "resolve":
                asleep.set()
                assert wake.wait(PATIENCE)

        try:
            deploy(scene.target, "hello:1.1.0", "development", on_event, scene.how(id="dep-a"))
        except LeaseLostError as lost:
            errors.append(lost)

    thread = threading.Thread(target=sleeper)
    thread.start()
    assert asleep.wait(PATIENCE)
    state = deploy(scene.target, "hello:2.0.0", "development", how=scene.how(id="dep-b"))
    assert state.main.version == "2.0.0"
    events = len(scene.events("hello", "development"))
    wake.set()
    thread.join()
    assert "was taken over or ended by another" in str(errors[0])
    assert scene.state("hello", "development") == state
    assert len(scene.events("hello", "development")) == events


def test_a_rollback_ends_a_deployment_at_work(scene: Scene) -> None:
    deploy(scene.target, "hello:1.0.0", "development", how=scene.how())

    def on_event(event: StageEvent) -> None:
        if event.stage == "allocate":
            rollback(scene.target, "hello", "development", how=scene.how())

    with pytest.raises(LeaseLostError):
        deploy(scene.target, "hello:1.1.0", "development", on_event, scene.how())
    assert scene.state("hello", "development").main.version == "1.0.0"


def test_an_interrupted_deployer_lets_go(scene: Scene) -> None:
    def on_event(event: StageEvent) -> None:
        if event.stage == "resolve":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deploy(scene.target, "hello:1.0.0", "development", on_event, scene.how())
    state = scene.state("hello", "development")
    assert state.rollout is not None
    assert state.rollout.holder == ""
    patient = replace(QUICK, lease=10**6, dead=lambda _: False)
    reconcile(scene.target, how=scene.how(policy=patient))
    assert scene.state("hello", "development").main.version == "1.0.0"


CLOCKS = [
    datetime(2026, 1, 1, 12, tzinfo=UTC),
    datetime(2026, 1, 1, 3, tzinfo=UTC),  # nine hours behind
    datetime(2026, 1, 2, 1, tzinfo=UTC),  # half a day ahead
    datetime(2038, 1, 19, 3, 14, 9, tzinfo=UTC),  # beyond 2^31 seconds
    datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),  # the hour that Europe has twice
]


def test_rivals_whose_clocks_are_hours_apart(scene: Scene) -> None:
    """Each takes its turn whatever its clock says; a dead one is taken over by waiting, not by its time."""
    versions = ["1.0.0", "1.1.0", "2.0.0"] * 2
    for number, (moment, version) in enumerate(zip(CLOCKS, versions, strict=True)):
        scene.clock = Now(moment)
        if number % 2:
            killed_after(scene, "configure", f"hello:{version}", id=f"dead-{number}")
            scene.clock = Now(CLOCKS[number - 1])
        deploy(scene.target, f"hello:{version}", "development", how=scene.how())
        assert scene.state("hello", "development").main.version == version
    commits = subprocess.run(
        ["git", "-C", str(scene.root), "fsck", "--strict"], capture_output=True, check=True
    )
    assert b"error" not in commits.stderr


def test_a_pause_that_began_in_the_future_begins_again(scene: Scene) -> None:
    scene.runs.made = {"1.0.0": (30, 0), "1.1.0": (30, 0)}
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how())
    scene.clock = Now(datetime(2040, 1, 1, tzinfo=UTC))
    deploy(scene.target, "hello:1.1.0", "production", how=scene.how())
    scene.clock = Now(datetime(2026, 1, 1, tzinfo=UTC))
    reconcile(scene.target, how=scene.how())
    scene.clock.forward(601)
    reconcile(scene.target, how=scene.how())
    state = scene.state("hello", "production")
    assert state.rollout is not None
    assert (state.rollout.step, state.rollout.phase) == (2, Phase.PAUSED)


def test_one_failure_does_not_stop_the_others(scene: Scene) -> None:
    scene.runs.made = {"1.0.0": (30, 0)}
    canary: Any = {"type": "canary", "steps": [{"weight": 10, "pause": "10m"}]}
    watch: Any = {"metrics": [{"metric": "error_rate", "max": 0.2}]}
    for environment in ("production", "development"):
        own = environment == "production"
        how = scene.how(strategy={} if own else {**canary, "watch": watch})
        deploy(scene.target, "hello:1.0.0", environment, how=how)
        deploy(scene.target, "hello:1.1.0", environment, how=how)
    scene.runs.made["1.1.0"] = (30, 30)
    done = reconcile(scene.target, how=scene.how())
    assert [entry.error is not None for entry in done] == [True, True]
    assert [entry.to_value()["status"] for entry in done] == ["failed", "failed"]
    for environment in ("production", "development"):
        assert scene.state("hello", environment).main.version == "1.0.0"


def test_two_clones_go_on_at_the_same_time(make_registry: Make, tmp_path: Path) -> None:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    scene = scene_of(registry)
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    registry.git("remote", "add", "origin", str(bare))
    scene.remote = "origin"
    scene.runs.made = {"1.0.0": (30, 0), "1.1.0": (30, 0)}
    deploy(scene.target, "hello:1.0.0", "production", how=scene.how())
    deploy(scene.target, "hello:1.1.0", "production", how=scene.how())
    scene.clock.forward(601)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(scene.root), str(clone)], check=True)
    subprocess.run(["git", "-C", str(clone), "remote", "set-url", "origin", str(bare)], check=True)
    other = replace(scene, root=clone)
    threads = [
        threading.Thread(target=reconcile, args=(one.target,), kwargs={"how": one.how()})
        for one in (scene, other)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    state = scene.state("hello", "production")
    assert state.rollout is not None
    assert state.rollout.step == 2
    switches = [e for e in scene.events("hello", "production") if e["stage"] == "switch"]
    assert [e["detail"]["step"] for e in switches] == [3, 1, 2]
