from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.deploy.model import Deployment, Phase, Rollout, Serving
from registry_tool.deploy.strategy import read_strategy
from registry_tool.deploy.transitions import (
    LeaseLostError,
    ended,
    finished,
    held,
    returned,
    switched,
    waiting,
)

OLD, NEW = Serving("1.0.0", "sha256:a"), Serving("2.0.0", "sha256:b")
ROLLOUT = Rollout("dep-1", candidate=NEW, stable=OLD, holder="me", actor="abc")
STATE = Deployment("hello", "production", (OLD,), rollout=ROLLOUT)
CANARY = read_strategy({"type": "canary"}, "x")
BLUE_GREEN = read_strategy({"type": "blue-green"}, "x")


def test_only_the_holder_may_write() -> None:
    assert held(STATE, "dep-1", "me") == ROLLOUT
    for now, deployment, holder in (
        (None, "dep-1", "me"),
        (Deployment("hello", "production"), "dep-1", "me"),
        (STATE, "dep-2", "me"),
        (STATE, "dep-1", "you"),
    ):
        with pytest.raises(LeaseLostError):
            held(now, deployment, holder)


@given(st.integers(1, 3))
def test_weights_always_sum_to_a_hundred(step: int) -> None:
    after = switched(STATE, ROLLOUT, CANARY, step, "t")
    assert sum(entry.weight for entry in after.serving) == 100
    assert after.serving[0].version == "2.0.0"
    assert after.rollout is not None
    assert (after.rollout.step, after.rollout.phase) == (step, Phase.STEP)
    for end in (finished(after, after.rollout, CANARY), ended(after, after.rollout)):
        assert sum(entry.weight for entry in end.serving) == 100
        assert end.rollout is None


def test_an_end_remembers_the_way_back() -> None:
    done = finished(STATE, ROLLOUT, BLUE_GREEN)
    assert [(entry.version, entry.weight) for entry in done.serving] == [
        ("2.0.0", 100),
        ("1.0.0", 0),
    ]
    assert (done.previous, done.id, done.actor) == (OLD, "dep-1", "abc")
    back = returned(done, OLD, None, "back-1", "")
    assert (back.serving, back.previous, back.id) == ((OLD,), None, "back-1")


def test_before_the_switch_nothing_changes() -> None:
    assert ended(STATE, ROLLOUT).serving == (OLD,)
    first = Deployment("hello", "production", rollout=ROLLOUT)
    assert ended(first, ROLLOUT).serving == ()


def test_who_waits_holds_nothing() -> None:
    after = waiting(STATE, ROLLOUT, Phase.PAUSED, "why")
    assert after.rollout is not None
    assert (after.rollout.holder, after.rollout.reason) == ("", "why")
