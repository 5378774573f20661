"""A pointer out of its events, or out of an earlier one that agrees with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.deploy.event_log import DeployEvent
from registry_tool.deploy.model import Rollout
from registry_tool.deploy.repair import EventFiles, RebuiltPointer, read_events, rebuilt, unreliable
from registry_tool.deploy.state import deployment_bytes
from tests.deploy.scratch import CANARY, ENVIRONMENT, NAME, A, B, Board, FixedPlan


def files(board: Board) -> EventFiles:
    return board.store().events(ENVIRONMENT, NAME)


def made(board: Board, *earlier: bytes) -> RebuiltPointer:
    stood = [(f"{n:040}", data) for n, data in enumerate(earlier)]
    return rebuilt(ENVIRONMENT, NAME, read_events(files(board)), stood)


def test_the_newest_pointer_that_agrees_is_taken(board: Board) -> None:
    board.serve(A)
    board.deploy(FixedPlan(B, CANARY), "dep-1.1.0")
    state = board.state()
    found = made(
        board, b"{", deployment_bytes(replace(state, serving=(B,))), deployment_bytes(state)
    )
    assert (found.deployment, found.ends) == (state, "")
    assert found.source == "the pointer of commit 000000000000, which agrees with its events"


def test_anothers_pointer_is_not_taken(board: Board) -> None:
    state = board.serve(A)
    found = made(board, deployment_bytes(replace(state, workflow="other")))
    assert found.source == "its 3 events"


def test_events_alone_say_what_serves_and_what_before(board: Board) -> None:
    for entry in (A, B):
        board.serve(entry)
    found = made(board).deployment
    assert found is not None
    assert (found.serving, found.previous, found.id) == ((B,), A, "dep-1.1.0")


def test_a_rollout_in_progress_is_over(board: Board) -> None:
    board.serve(A)
    board.deploy(FixedPlan(B, CANARY), "dep-1.1.0")
    found = made(board)
    assert found.deployment is not None
    assert (found.deployment.serving, found.deployment.rollout) == ((A,), None)
    assert found.ends == "dep-1.1.0"


def test_what_never_served_needs_no_pointer(board: Board) -> None:
    session = board.session("dep-1")
    session.take(None, Rollout("dep-1", candidate=A), (session.stages.event("select", "ok", {}),))
    assert made(board) == RebuiltPointer(None, "its 1 events")


def test_events_that_say_too_little_are_reported(board: Board) -> None:
    serving: list[Value] = [
        {"version": "1.0.0", "digest": "d", "weight": 100, "deployment": "dep-1"}
    ]
    event = DeployEvent(
        number=1, previous="", deployment="dep-1", workflow=NAME, environment=ENVIRONMENT,
        stage="switch", status="ok", time="t", seconds=0.0, detail={"serving": serving},
    )  # fmt: skip
    with pytest.raises(RegistryError, match="don't hold what serves") as caught:
        rebuilt(ENVIRONMENT, NAME, [event], [])
    assert caught.value.location == "events/production/hello"


def test_of_broken_events_nothing_is_made(board: Board) -> None:
    for entry in (A, B):
        board.serve(entry)
    first, second, *rest = files(board)
    with pytest.raises(RegistryError, match="the events themselves are broken") as caught:
        read_events([first, *rest])
    assert "docs/restore.md" in caught.value.hint
    with pytest.raises(RegistryError, match="nothing can be rebuilt"):
        read_events([first, (second[0], second[1].replace(b"ok", b"OK")), *rest])
    assert unreliable("x", "y").location == "x"
