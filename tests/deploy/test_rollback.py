"""The way back: what served before serves again, whatever is in progress is over."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.deploy.model import Rollout
from registry_tool.deploy.rollback import RollbackRequest, go_back
from tests.deploy.scratch import ENVIRONMENT, NAME, A, B, Board, C, version


def back(board: Board, **more: object) -> None:
    go_back(board.context(actor="ada"), RollbackRequest(ENVIRONMENT, NAME, "back-1", **more))  # type: ignore[arg-type]


def test_what_served_before_serves_again_and_it_is_shown_why(board: Board) -> None:
    for entry in (A, B):
        board.serve(entry)
    back(board, reason="answers got worse")
    assert board.weights() == [("1.0.0", 100)]
    assert (board.state().id, board.state().previous) == ("back-1", None)
    (output,) = board.details("rollback")
    assert (output["from"], output["to"], output["actor"]) == ("1.1.0", "1.0.0", "ada")
    assert output["reason"] == "answers got worse"
    assert board.events_seen == ["rollback ok"]


def test_a_second_one_goes_further_and_names_what_is_left(board: Board) -> None:
    for entry in (A, B, C):
        board.serve(entry)
    back(board)
    back(board)
    assert board.weights() == [("1.0.0", 100)]
    with pytest.raises(
        NotFoundError, match=r"by itself: 1\.0\.0 is the first that served"
    ) as caught:
        back(board)
    assert caught.value.hint.endswith("--to: 1.1.0, 2.0.0")


def test_to_a_version_by_its_name(board: Board) -> None:
    for entry in (A, B, C):
        board.serve(entry)
    back(board, to="1.0.0")
    assert board.weights() == [("1.0.0", 100)]
    with pytest.raises(RegistryError, match="serves in production already"):
        back(board, to="1.0.0")
    with pytest.raises(NotFoundError, match=r"no rollout of hello:9\.0\.0") as caught:
        back(board, to="9.0.0")
    assert caught.value.hint == "it had 1.0.0, 1.1.0, 2.0.0"


def test_what_is_no_longer_in_the_registry_is_not_gone_back_to(board: Board) -> None:
    for entry in (A, B):
        board.serve(entry)
    board.gone.add("1.0.0")
    with pytest.raises(RegistryError, match=r"hello:1\.0\.0 is gone"):
        back(board)
    assert board.weights() == [("1.1.0", 100)]
    assert board.details("rollback") == []


def test_a_rollout_in_progress_is_over_and_nothing_else(board: Board) -> None:
    board.serve(A)
    board.serve(
        B, Rollout("dep-9", candidate=version("1.2.0"), stable=B, step=1, holder="somebody")
    )
    back(board, only_abort=True)
    assert board.weights() == [("1.1.0", 100)]
    assert board.state().rollout is None
    assert board.details("rollback")[0]["aborted"] == "dep-9"
    with pytest.raises(NotFoundError, match="no rollout of hello is in progress"):
        back(board, only_abort=True)


def test_a_first_rollout_leaves_nothing_and_says_so(board: Board) -> None:
    board.session("dep-1").take(None, Rollout("dep-1", candidate=A))
    back(board)
    assert board.weights() == []
    assert board.said == [
        "no version of hello served in production before: nothing of it serves now"
    ]


def test_a_job_that_is_run_again_changes_nothing(board: Board) -> None:
    for entry in (A, B, C):
        board.serve(entry)
    back(board, repeated=True)
    back(board, repeated=True)
    assert board.weights() == [("1.1.0", 100)]
    assert board.said == ["back-1 has ended before: nothing changes"]


def test_where_nothing_was_deployed(board: Board) -> None:
    with pytest.raises(NotFoundError, match="hello is not deployed to production") as caught:
        back(board)
    assert "puppy-cli deploy hello --env production" in caught.value.hint
    board.serve(A)
    with pytest.raises(NotFoundError, match=r"served in production before 1\.0\.0"):
        back(board)
