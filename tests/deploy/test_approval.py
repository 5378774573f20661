from __future__ import annotations

import json
from dataclasses import replace

import pytest

from registry_tool.catalogue.environments import Approval, EnvironmentSettings
from registry_tool.deploy.approval import (
    approval_bytes,
    approves,
    codeowners,
    rollout_digest,
    waits_for_pull_request,
)
from registry_tool.deploy.model import Deployment, Rollout, Serving
from registry_tool.resolver.lock import Lock, LockedVersion

CANDIDATE = Serving("2.0.0", "sha256:b", config={"debug": True}, allocation={"runner": "x"})
ROLLOUT = Rollout("dep-1", {"type": "canary"}, candidate=CANDIDATE)
STATE = Deployment("hello", "production", rollout=ROLLOUT)


def test_a_file_approves_its_own_rollout() -> None:
    assert approves(approval_bytes(STATE, ROLLOUT), "x", STATE, ROLLOUT)


@pytest.mark.parametrize(
    "other",
    [
        replace(ROLLOUT, deployment="dep-2"),
        replace(ROLLOUT, strategy={"type": "all-at-once"}),
        replace(ROLLOUT, candidate=replace(CANDIDATE, digest="sha256:c")),
        replace(ROLLOUT, candidate=replace(CANDIDATE, config={})),
        replace(ROLLOUT, candidate=replace(CANDIDATE, allocation={})),
        replace(
            ROLLOUT,
            candidate=replace(CANDIDATE, lock=Lock({"a": LockedVersion("1", "2", "public")})),
        ),
    ],
)
def test_whatever_changes_needs_another(other: Rollout) -> None:
    assert not approves(approval_bytes(STATE, ROLLOUT), "x", STATE, other)


def test_the_holder_and_the_time_are_not_approved() -> None:
    later = replace(ROLLOUT, holder="me", since="t", beat=9, reason="why")
    assert rollout_digest(STATE, later) == rollout_digest(STATE, ROLLOUT)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": "x", "approves": "y"}', b"\xff"])
def test_what_is_no_approval_lets_nothing_through(data: bytes) -> None:
    assert not approves(data, "x", STATE, ROLLOUT)


def test_what_people_read_must_be_true() -> None:
    """The right digest under another version's name would have misled whoever merged it."""
    document = json.loads(approval_bytes(STATE, ROLLOUT))
    for key, lie in {"version": "1.0.0", "config": {}, "strategy": {}, "more": 1}.items():
        data = json.dumps({**document, key: lie}).encode()
        assert not approves(data, "x", STATE, ROLLOUT), key
    meanwhile = json.dumps({**document, "replaces": "0.9.0"}).encode()
    assert approves(meanwhile, "x", STATE, ROLLOUT)


def test_owners_of_the_branch() -> None:
    ops = EnvironmentSettings("production", approvers=("@octo/ops",))
    assert codeowners([ops, EnvironmentSettings("development")]).decode().splitlines()[1:] == [
        "/approvals/production/ @octo/ops",
        "/environments/production/ @octo/ops",
        "/events/production/ @octo/ops",
        "/.github/ @octo/ops",
    ]
    assert codeowners([EnvironmentSettings("development")]) == b""


def test_only_a_pull_request_stops_the_tool() -> None:
    assert waits_for_pull_request(EnvironmentSettings("x", approval=Approval.PULL_REQUEST))
    assert not waits_for_pull_request(EnvironmentSettings("x", approval=Approval.ENVIRONMENT))
    assert not waits_for_pull_request(None)
