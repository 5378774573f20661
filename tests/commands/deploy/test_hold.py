"""A rollout that a person pauses, lets go on, and takes back with a reason; and attempts that failed."""

from __future__ import annotations

import json

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.hold import pause, resume
from registry_tool.commands.deploy.job import carry_out
from registry_tool.commands.deploy.promote import promote
from registry_tool.commands.deploy.reconcile import after_run, keep_reconciling, reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.deploy.lease import LeasePolicy
from registry_tool.deploy.model import Phase, StageEvent
from registry_tool.state.audit_log import entries
from tests.commands.deploying import ENV, Make, Scene, scene_of, shares, status


def stages(scene: Scene) -> list[str]:
    return [event["stage"] for event in scene.events("hello", ENV)]


def test_a_paused_rollout_stays_where_it_is_until_it_is_resumed(scene: Scene) -> None:
    pause(scene.target, "hello", ENV, how=scene.how(actor="ada", reason="incident 42"))
    scene.clock.forward(10**5)
    reconcile(scene.target, how=scene.how())
    assert shares(scene) == {"1.1.0": 10, "1.0.0": 90}
    result = list(status(scene).sentences())
    assert "paused at step 1 of 3, since paused by ada: incident 42" in result[0]
    assert "`puppy-cli resume` lets it go on" in result[0]
    with pytest.raises(RegistryError, match="it is paused already"):
        pause(scene.target, "hello", ENV, how=scene.how())

    state = resume(scene.target, "hello", ENV, how=scene.how(actor="bob"))
    assert state.rollout is not None
    assert state.rollout.hold == ""
    assert shares(scene) == {"1.1.0": 50, "1.0.0": 50}
    with pytest.raises(RegistryError, match="nobody paused it"):
        resume(scene.target, "hello", ENV, how=scene.how())
    noted = [e for e in entries(scene.target, ENV) if e.action in {"pause", "resume"}]
    assert [(e.action, e.actor) for e in noted] == [
        ("pause", "ada"),
        ("resume", "bob"),
        ("resume", "bob"),  # the switch that it led to
    ]
    assert noted[0].detail == {
        "workflow": "hello", "deployment": "dep-a", "reason": "incident 42",
    }  # fmt: skip
    events = [e for e in scene.events("hello", ENV) if e["stage"] == "pause"]
    assert events[0]["detail"]["reason"] == "incident 42"


def test_a_paused_rollout_still_goes_back_where_its_runs_are_bad(scene: Scene) -> None:
    pause(scene.target, "hello", ENV, how=scene.how())
    scene.runs.made["1.1.0"] = (30, 25)
    assert reconcile(scene.target, how=scene.how())[0].error is not None
    assert shares(scene) == {"1.0.0": 100}


def test_promote_goes_on_with_a_paused_rollout(scene: Scene) -> None:
    pause(scene.target, "hello", ENV, how=scene.how())
    promote(scene.target, "hello", ENV, how=scene.how())
    assert shares(scene) == {"1.1.0": 50, "1.0.0": 50}


def test_a_deployer_at_work_stops_before_its_switch(make_registry: Make) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    scene = scene_of(registry)

    def on_event(event: StageEvent) -> None:
        if event.stage == "resolve":
            pause(scene.target, "hello", "development", how=scene.how())

    state = deploy(scene.target, "hello:1.0.0", "development", on_event, scene.how())
    assert state.rollout is not None
    assert (state.rollout.phase, state.rollout.step, state.serves) == (Phase.PAUSED, 0, False)
    reconcile(scene.target, how=scene.how())
    assert not scene.state("hello", "development").serves
    assert resume(scene.target, "hello", "development", how=scene.how()).serves
    assert scene.state("hello", "development").rollout is None


def test_nothing_to_pause(scene: Scene) -> None:
    rollback(scene.target, "hello", ENV, how=scene.how())
    for act in (pause, resume):
        with pytest.raises(NotFoundError, match="no rollout of hello is in progress"):
            act(scene.target, "hello", ENV, how=scene.how())
        with pytest.raises(UsageError, match="no environment"):
            act(scene.target, "hello", "prodution", how=scene.how())


def test_the_job_pauses_and_resumes(scene: Scene) -> None:
    for action in ("pause", "resume"):
        request = json.dumps({"workflow": "hello", "action": action, "reason": "as asked"})
        carry_out(scene.target, request, ENV, scene.on_event, scene.how())
    assert stages(scene)[-2:] == ["pause", "resume"]
    with pytest.raises(UsageError, match="'reason' does not belong to the action deploy"):
        carry_out(
            scene.target, '{"workflow": "hello", "reason": "x"}', ENV, scene.on_event, scene.how()
        )


def test_a_runs_end_moves_the_rollout(scene: Scene) -> None:
    """No clock is waited for: the run that makes the verdict certain also acts on it."""
    scene.runs.made["1.1.0"] = (30, 25)
    done = after_run(scene.target, ENV, "hello", scene.on_event, scene.how())
    assert done is not None
    assert "1.0.0 serves again" in done.sentence
    assert shares(scene) == {"1.0.0": 100}
    assert after_run(scene.target, ENV, "hello", scene.on_event, scene.how()) is None
    assert after_run(scene.target, "staging", "hello", scene.on_event, scene.how()) is None


def test_reconcile_looks_again_until_only_people_can_go_on(scene: Scene) -> None:
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        scene.clock.forward(seconds)

    def seconds_now() -> float:
        return scene.clock.moment.timestamp()

    policy = LeasePolicy(monotonic=seconds_now, sleep=sleep)
    done = keep_reconciling(scene.target, ENV, "", scene.on_event, scene.how(policy=policy), 3600)
    assert looks == [15.0] * 40  # ten minutes of pause, then it waits for a human
    assert shares(scene) == {"1.1.0": 50, "1.0.0": 50}
    assert done[0].error is None
