"""Deployments as an operator types them."""

from __future__ import annotations

import json

from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry_tool
from tests.cli.deploying import Run, asked


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
