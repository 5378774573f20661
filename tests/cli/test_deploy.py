from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import click
import pytest

from registry_tool.cli import errors
from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry_tool
from tests.commands.deploying import ENVIRONMENTS, Make, Scene, scene_of

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    return scene_of(registry, ENVIRONMENTS)


@pytest.fixture
def run(scene: Scene, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(scene.root)

    def call(program: click.Group, *words: str) -> tuple[int, str, str]:
        code = errors.run(lambda: program(list(words), standalone_mode=False))
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def asked(run: Run, *words: str) -> Any:
    code, out, err = run(puppy, *words, "--format", "json")
    assert code == 0, err
    return json.loads(out)


def test_a_canary_from_the_first_word_to_the_last(run: Run) -> None:
    code, out, err = run(puppy, "deploy", "hello:1.0.0", "--env", "development")
    assert (code, out) == (0, "hello:1.0.0 serves in development.\n")
    assert err.splitlines()[0].startswith("select        ok")
    canary = json.dumps({"type": "canary", "steps": [{"weight": 5, "pause": "until-promoted"}]})
    code, out, _ = run(puppy, "deploy", "hello:1.1.0", "--env", "development", "--strategy", canary)
    assert code == 0
    assert out.splitlines() == [
        "hello in development: 1.1.0 5 %, 1.0.0 95 %.",
        "The rollout of 1.1.0 is paused at step 1 of 2, since it waits until a human promotes it: "
        "`puppy-cli promote` goes on with it, "
        "`puppy-cli rollback` takes it back.",
    ]
    (state,) = asked(run, "status")["deployments"]
    assert state["status"] == "paused"
    assert [(s["version"], s["weight"]) for s in state["serving"]] == [("1.1.0", 5), ("1.0.0", 95)]
    _, table, _ = run(puppy, "status", "hello")
    assert "hello:1.1.0  5 %   paused 1/2" in table
    code, out, err = run(registry_tool, "reconcile", "--env", "development")
    assert (code, json.loads(out)["rollouts"][0]["status"]) == (0, "paused")
    assert "hello in development: paused at step 1 of 2" in err
    assert asked(run, "promote", "hello", "--env", "development")["status"] == "serving"
    assert (
        asked(run, "rollback", "hello", "--env", "development")["serving"][0]["version"] == "1.0.0"
    )


def test_a_deployment_to_wait_for(run: Run) -> None:
    run(puppy, "deploy", "hello:1.0.0", "--env", "development")
    steps = [{"weight": 5, "pause": "1ms"}]
    canary = json.dumps({"type": "canary", "unmeasured": "advance", "steps": steps})
    words = ("deploy", "hello:1.1.0", "--env", "development", "--strategy", canary, "--wait")
    assert asked(run, *words)["status"] == "serving"


def test_a_rollout_is_foreseen_paused_resumed_and_taken_back_with_a_reason(run: Run) -> None:
    run(puppy, "deploy", "hello:1.0.0", "--env", "development")
    words = ("deploy", "hello:1.1.0", "--env", "development", "--strategy", "canary")
    assert asked(run, *words, "--dry-run")["would"] == "replace 1.0.0"
    _, out, _ = run(puppy, *words, "--dry-run")
    assert "step 1      weight 10, pause 0s, metrics none, unmeasured wait" in out
    assert run(puppy, "deploy", "hello:9.9.9", "--env", "development", "--dry-run")[0] == 1
    assert asked(run, *words)["status"] == "inconclusive"
    code, out, _ = run(puppy, "pause", "hello", "--env", "development", "--reason", "lunch")
    assert (code, "since paused by " in out, ": lunch" in out) == (0, True, True)
    code, out, _ = run(puppy, "status")
    assert (code, "hello:1.1.0  10 %  paused 1/3" in out) == (0, True)
    assert "hello in development: The rollout of 1.1.0 is paused" in out
    code, out, _ = run(puppy, "resume", "hello", "--env", "development")
    assert (code, "is inconclusive at step 1" in out) == (0, True)
    back = ("rollback", "hello", "--env", "development", "--reason", "answers got worse")
    assert run(puppy, *back)[0] == 0
    assert "rolled back from 1.1.0" in run(puppy, "status")[1]
    code, out, err = run(registry_tool, "reconcile", "--for", "1m")
    assert (code, json.loads(out), err) == (0, {"rollouts": []}, "")


def test_a_job_that_reconciles_and_fails_says_so(run: Run, scene: Scene) -> None:
    scene.runs.made = {}
    request = json.dumps({"workflow": "hello:1.0.0"})
    code, out, _ = run(
        registry_tool, "deploy", "--env", "production", "--request", request, "--id=a"
    )
    assert (code, json.loads(out)["status"]) == (0, "inconclusive")
    code, out, _ = run(registry_tool, "reconcile")
    assert (code, json.loads(out)["rollouts"][0]["status"]) == (0, "inconclusive")


def test_a_typing_error_is_not_taken_for_an_empty_environment(run: Run) -> None:
    for words in (["status", "--env", "prodution"], ["runs", "--env", "prodution"]):
        code, out, err = run(puppy, *words)
        assert (code, out) == (2, "")
        assert "the registry has no environment 'prodution'" in err
    for words in (["scheduled", "--env", "prodution"], ["exporter", "--env", "prodution"]):
        code, _, err = run(registry_tool, *words)
        assert code == 2
        assert "the registry has no environment 'prodution'" in err
    spelled = ("rollback", "pause", "resume", "promote", "logs")
    for words in (
        ["status", "helo"],
        ["runs", "helo"],
        *([w, "helo", "--env", "staging"] for w in spelled),
    ):
        code, out, err = run(puppy, *words)
        assert (code, out) == (1, "")
        assert "there is no workflow helo" in err
        assert "did you mean hello?" in err
    assert run(puppy, "status", "hello", "--env", "production")[1] == (
        "Nothing of hello is deployed to production.\n"
    )
    asked = ("hello", "--env", "production", "--status", "error", "--since", "24h")
    none = "No run of hello in production with the status error since 24h is recorded.\n"
    assert run(puppy, "runs", *asked)[1] == none


def test_a_strategy_that_is_none(run: Run) -> None:
    code, _, err = run(puppy, "deploy", "hello", "--env", "development", "--strategy", "slow")
    assert code == 2
    assert "there is no strategy 'slow'" in err
    code, _, err = run(puppy, "deploy", "hello", "--env", "development", "--strategy", '{"type":')
    assert code == 2
    assert "--strategy:1:9: not JSON" in err
    assert "write a JSON object" in err
