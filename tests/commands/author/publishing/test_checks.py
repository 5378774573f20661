"""Waiting for checks: what they say, with file and line, and what is said where they say nothing."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.author.publishing.checks import NoVerdictError, wait_for_checks
from registry_tool.commands.jobs.follow import PollingPolicy
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import Check, CheckNote
from tests.commands.author.publishing.conftest import NAME, connected
from tests.forge.fault_server import Naps
from tests.forge.stand_in.server import Fault, StandIn

COMMIT = "a" * 40
NOTE = {
    "path": "registry/workflows/mine/1.0.0/manifest.yaml",
    "start_line": 7,
    "end_line": 7,
    "annotation_level": "failure",
    "message": "`auther` is not a key",
    "title": "schema",
}


def run(name: str, conclusion: str | None, id: int = 1) -> dict[str, Any]:
    status = "completed" if conclusion else "in_progress"
    address = f"https://github.example/{NAME}/runs/{id}"
    return {"id": id, "name": name, "status": status, "conclusion": conclusion, "html_url": address}


def waited(forge: StandIn, *states: list[dict[str, Any]], longest: float = 600.0) -> Any:
    """The verdict where the checks are in these states, one after the other, and what was told."""
    output, naps, left = list[str](), Naps(), [*states]
    github: GitHub = connected(forge, naps=naps)

    def sleep(seconds: float) -> None:
        naps.sleep(seconds)
        if left:
            forge.checks[COMMIT] = left.pop(0)

    forge.checks[COMMIT] = left.pop(0)
    policy = PollingPolicy(longest, type(github.pace)(naps.clock, sleep, lambda: 0.5))
    return wait_for_checks(github, COMMIT, output.append, policy), output


def test_a_check_that_passes(forge: StandIn) -> None:
    verdict, output = waited(forge, [], [run("Validate", None)], [run("Validate", "success")])
    assert (verdict.passed, verdict.notes) == (True, ())
    assert output == ["Validate: in_progress", "Validate: success"]


def test_a_check_that_refuses_says_where_and_why(forge: StandIn) -> None:
    forge.annotations[1] = [NOTE]
    verdict, _ = waited(forge, [run("Validate", "failure")])
    assert not verdict.passed
    assert verdict.notes == (
        CheckNote(NOTE["path"], 7, "failure", "`auther` is not a key", "schema"),  # type: ignore[arg-type]
    )
    assert verdict.to_value()["findings"] == [
        {"path": NOTE["path"], "line": 7, "severity": "failure", "message": NOTE["message"]}
    ]


def test_one_that_begins_late_is_waited_for(forge: StandIn) -> None:
    verdict, _ = waited(
        forge,
        [run("Lint", "success")],
        [run("Lint", "success"), run("Validate", None, 2)],
        [run("Lint", "success"), run("Validate", "failure", 2)],
    )
    assert not verdict.passed


def test_a_status_counts_too(forge: StandIn) -> None:
    forge.statuses[COMMIT] = [
        {"context": "ci/legacy", "state": "failure", "target_url": "https://ci.example/1"}
    ]
    verdict, _ = waited(forge, [])
    assert verdict.checks == (
        Check(
            "ci/legacy", "completed", "failure", "https://ci.example/1", verdict.checks[0].summary
        ),
    )


def test_nothing_begins(forge: StandIn) -> None:
    with pytest.raises(NoVerdictError, match="no check has begun") as none:
        waited(forge, [])
    assert "maintainer" in none.value.hint


def test_nothing_ends(forge: StandIn) -> None:
    with pytest.raises(NoVerdictError, match="Validate") as none:
        waited(forge, [run("Validate", None)], longest=60.0)
    assert "--wait" in none.value.hint


def test_a_forge_that_is_down_for_a_while(forge: StandIn) -> None:
    faults = [Fault(), *[Fault(503, {})] * 6]
    forge.fault = lambda method, path: faults.pop() if faults else None
    assert waited(forge, [run("Validate", "success")])[0].passed
