"""Checks and statuses, as one list."""

from __future__ import annotations

import pytest

from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import Check, CheckNote
from tests.forge.fault_server import FaultServer, Reply

RUN = {"id": 5, "name": "Validate", "status": "completed", "conclusion": "failure"}


def test_runs_and_statuses(github: GitHub, server: FaultServer) -> None:
    run = {**RUN, "html_url": "https://g.example/5", "output": {"summary": "2 errors"}}
    states = [
        {"context": "old", "state": "error", "description": "broken"},
        {"context": "slow", "state": "pending"},
    ]
    server.replies = [Reply(200, {"check_runs": [run]}), Reply(200, {"statuses": states})]
    assert github.checks.of("a" * 40) == (
        Check("Validate", "completed", "failure", "https://g.example/5", "2 errors", 5),
        Check("old", "completed", "failure", "", "broken"),
        Check("slow", "in_progress"),
    )


def test_notes_are_a_runs(github: GitHub, server: FaultServer) -> None:
    note = {"path": "a.yaml", "start_line": 3, "annotation_level": "failure", "message": "wrong"}
    server.replies = [Reply(200, [note])]
    assert github.checks.notes(Check("Validate", "completed", "failure", id=5)) == (
        CheckNote("a.yaml", 3, "failure", "wrong"),
    )
    assert github.checks.notes(Check("old", "completed", "failure")) == ()
    assert len(server.asked) == 1


@pytest.mark.parametrize("url", ["http://g.example", "javascript:alert(1)", "https://g\x1b[31m"])
def test_an_address_that_is_none_is_not_shown(
    github: GitHub, server: FaultServer, url: str
) -> None:
    run = {**RUN, "html_url": url}
    server.replies = [Reply(200, {"check_runs": [run]}), Reply(200, {"statuses": []})]
    assert github.checks.of("a" * 40)[0].url == ""
