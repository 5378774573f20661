"""What the jobs of deployments print and end with."""

from __future__ import annotations

import json

from registry_tool.cli.registry import cli as registry_tool
from tests.cli.deploying import Run
from tests.commands.deploying import Scene


def test_a_job_that_reconciles_and_fails_says_so(run: Run, scene: Scene) -> None:
    scene.runs.made = {}
    request = json.dumps({"workflow": "hello:1.0.0"})
    code, out, _ = run(
        registry_tool, "deploy", "--env", "production", "--request", request, "--id=a"
    )
    assert (code, json.loads(out)["status"]) == (0, "inconclusive")
    code, out, _ = run(registry_tool, "reconcile")
    assert (code, json.loads(out)["rollouts"][0]["status"]) == (0, "inconclusive")
