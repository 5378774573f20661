"""Rollouts are paused, resumed and taken back, as an operator types it."""

from __future__ import annotations

import json

from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry_tool
from tests.cli.deploying import Run, asked


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
