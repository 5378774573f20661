"""Deployments on their branch: what is there, what is broken, and rivals that never overwrite each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.deploy.model import OK, Deployment, Rollout, StageEvent
from registry_tool.deploy.store import FOREIGN, DeploymentStore, StateUpdate, View, pointer_paths
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from tests.deploy.scratch import ENVIRONMENT, NAME, A, B, Board

POINTER = "environments/production/hello.json"


def push(board: Board, changes: Mapping[str, bytes | None]) -> None:
    """Somebody who may."""
    who = Identity("m", "m@example.org", "2026-03-01T12:00:00Z")
    Branch(board.repository, "deployments").write(lambda _: changes, "x", who)


def test_nothing_was_ever_deployed(board: Board) -> None:
    assert board.store().find(ENVIRONMENT, NAME) is None
    assert board.store().scan() == ([], [])
    assert board.store().events(ENVIRONMENT, NAME) == []


def test_what_is_written_is_found_stamped_and_counted(board: Board) -> None:
    board.serve(A)
    done = board.serve(B)
    assert (done.revision, done.updated) == (2, "2026-03-01T12:00:00.000Z")
    assert board.state() == done
    assert board.store().all() == board.store().all(ENVIRONMENT) == [done]
    assert board.store().all("staging") == []
    paths = [path for path, _ in board.store().events(ENVIRONMENT, NAME)]
    assert paths == [f"events/production/hello/{n:08}.json" for n in range(1, 7)]


def test_a_decision_for_nothing_writes_nothing(board: Board) -> None:
    board.serve(A)
    tip = board.store().branch.tip()
    assert board.store().change(ENVIRONMENT, NAME, "x", lambda _: None) == board.state()
    assert board.store().branch.tip() == tip


def test_an_event_alone_leaves_the_pointer(board: Board) -> None:
    before = board.serve(A)
    event = StageEvent("dep-9", "select", "failed", "2026-03-01T12:00:00.000Z", 0.0)
    assert board.store().change(ENVIRONMENT, NAME, "x", lambda _: StateUpdate((event,))) == before
    assert len(board.details("select")) == 1


def test_where_a_rival_was_faster_it_is_decided_again(board: Board) -> None:
    board.serve(A)
    seen: list[str] = []

    def decide(view: View) -> StateUpdate:
        assert view.deployment is not None
        if not seen:
            board.serve(B)  # between the look and the write
        seen.append(view.deployment.main.version)
        return StateUpdate((), replace(view.deployment, actor="last"))

    done = board.store().change(ENVIRONMENT, NAME, "x", decide)
    assert seen == ["1.0.0", "1.1.0"]
    assert done is not None
    assert (done.main.version, done.actor, done.revision) == ("1.1.0", "last", 3)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({POINTER: b"{"}, "not JSON"),
        ({POINTER: None}, "it is missing, and its events say that something serves"),
    ],
)
def test_a_broken_pointer_is_one_row_and_hides_no_other(
    board: Board, changes: Mapping[str, bytes | None], reason: str
) -> None:
    board.serve(A)
    other = Deployment("other", ENVIRONMENT, (A,))
    board.store().change(ENVIRONMENT, "other", "x", lambda _: StateUpdate((), other))
    push(board, changes)
    found, (broken,) = board.store().scan()
    assert [state.workflow for state in found] == ["other"]
    assert (broken.workflow, broken.path) == (NAME, POINTER)
    assert reason in broken.reason
    assert "state repair" in broken.hint
    with pytest.raises(RegistryError, match=reason):
        board.store().find(ENVIRONMENT, NAME)
    said: list[str] = []
    store = replace(board.store(), say=said.append)
    assert [state.workflow for state in store.all()] == ["other"]
    assert len(said) == 1


def test_anothers_pointer_is_not_taken_for_ones_own(board: Board) -> None:
    board.serve(A)
    data = board.store().branch.files().read(POINTER)
    push(board, {"environments/staging/hello.json": data})
    with pytest.raises(RegistryError, match="it is that of hello in production"):
        board.store().find("staging", NAME)


def test_what_is_no_pointer_is_reported(board: Board) -> None:
    push(board, {"environments/production/README": b"x", "environments/production/A B.json": b"x"})
    _, broken = board.store().scan()
    assert {one.path for one in broken} == {
        "environments/production/README",
        "environments/production/A B.json",
    }
    assert {one.hint for one in broken} == {FOREIGN}


def test_pointers_that_should_be_there_are_listed(board: Board) -> None:
    board.serve(A)
    push(board, {POINTER: None})
    tree = board.store().branch.files()
    assert pointer_paths(tree, "") == pointer_paths(tree, ENVIRONMENT) == [POINTER]
    assert pointer_paths(tree, "staging") == []


def test_files_beside_the_state_are_kept_up_to_date(board: Board) -> None:
    board.serve(A)
    kept = {"CODEOWNERS": b"* @ada\n"}
    store = DeploymentStore(board.store().branch, board.clock, kept)
    event = StageEvent("dep-9", "select", OK, "2026-03-01T12:00:00.000Z", 0.0)
    store.change(ENVIRONMENT, NAME, "x", lambda _: StateUpdate((event,)))
    assert store.branch.files().read("CODEOWNERS") == kept["CODEOWNERS"]


def test_without_a_file_nobody_approved(board: Board) -> None:
    rollout = Rollout("dep-2", candidate=B)
    state = board.serve(A, rollout)
    assert not board.store().view(ENVIRONMENT, NAME).approved(state, rollout)
