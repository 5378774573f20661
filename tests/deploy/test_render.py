from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.deploy.model import WAITS_FOR_A_HUMAN, Deployment, Phase, Rollout, Serving
from registry_tool.deploy.render import (
    deployment_json,
    deployment_rows,
    deployment_sentences,
    status_word,
)

OLD = Serving("1.0.0", "sha256:a", 90, deployment="dep-1")
NEW = Serving("2.0.0", "sha256:b", 10, deployment="dep-2", since="then")
ROLLOUT = Rollout(
    "dep-2",
    candidate=NEW,
    stable=OLD,
    step=1,
    steps=3,
    since="then",
    phase=Phase.PAUSED,
    actor="abc",
)
STATE = Deployment(
    "hello", "production", (NEW, OLD), "dep-1", "before", rollout=ROLLOUT, actor="def"
)


def test_rows_say_share_phase_since_when_and_who() -> None:
    assert list(deployment_rows(STATE)) == [
        ["production", "hello:2.0.0", "10 %", "paused 1/3", "then", "abc", "sha256:b"],
        ["production", "hello:1.0.0", "90 %", "serving", "before", "def", "sha256:a"],
    ]
    waiting = replace(STATE, serving=(), rollout=replace(ROLLOUT, step=0, phase=Phase.APPROVAL))
    assert list(deployment_rows(waiting)) == [
        ["production", "hello:2.0.0", "0 %", "awaiting-approval 0/3", "then", "abc", "sha256:b"]
    ]


@pytest.mark.parametrize(
    ("phase", "word"),
    [
        (Phase.STAGES, "progressing"),
        (Phase.STEP, "progressing"),
        (Phase.PAUSED, "paused"),
        (Phase.INCONCLUSIVE, "inconclusive"),
        (Phase.APPROVAL, "awaiting-approval"),
    ],
)
def test_every_phase_has_a_word_and_a_way_out(phase: Phase, word: str) -> None:
    state = replace(STATE, rollout=replace(ROLLOUT, phase=phase))
    assert status_word(state) == deployment_json(state)["status"] == word
    message = " ".join(deployment_sentences(state))
    assert "2.0.0 10 %, 1.0.0 90 %" in message
    assert "`registry-tool reconcile`" in message


def test_what_serves_is_said() -> None:
    still = Deployment("hello", "production", (replace(OLD, weight=100),))
    assert list(deployment_sentences(still)) == ["hello:1.0.0 serves in production."]
    assert status_word(still) == "serving"
    nothing = Deployment("hello", "production")
    assert list(deployment_sentences(nothing)) == ["Nothing of hello serves in production."]
    assert status_word(nothing) == "nothing"


def test_what_waits_for_a_human_names_nothing_that_goes_on_by_itself() -> None:
    state = replace(STATE, rollout=replace(ROLLOUT, reason=WAITS_FOR_A_HUMAN))
    message = " ".join(deployment_sentences(state))
    assert "`puppy-cli promote` goes on with it" in message
    assert "reconcile" not in message
