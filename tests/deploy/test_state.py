from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.model import Deployment, Phase, Rollout, Serving
from registry_tool.deploy.state import deployment_bytes, deployment_value, read_deployment
from registry_tool.resolver.lock import Lock, LockedVersion

OLD = Serving("1.0.0", "sha256:a", 90, {"debug": True}, "sha256:c", deployment="dep-1")
NEW = Serving(
    "2.0.0",
    "sha256:b",
    10,
    {"variables": {"A": "ü"}},
    "sha256:d",
    Lock({"helper": LockedVersion("1.2.0", "sha256:e", "public")}),
    {"runner": "ubuntu-latest"},
    "dep-2",
)
STATE = Deployment(
    "hello",
    "production",
    (NEW, OLD),
    "dep-1",
    "2026-01-01T00:00:00.000Z",
    7,
    OLD.at(100),
    Rollout(
        "dep-2", {"type": "canary"}, {"workflow": "hello:2.0.0"}, NEW, OLD, 1, 3, "t", Phase.PAUSED
    ),
    "abc",
)


def test_a_state_is_read_as_it_was_written() -> None:
    assert read_deployment(deployment_bytes(STATE), "x") == STATE
    bare = Deployment("hello", "production", updated="t")
    assert read_deployment(deployment_bytes(bare), "x") == bare


def test_the_bytes_are_always_the_same() -> None:
    assert deployment_bytes(STATE) == deployment_bytes(replace(STATE))


def changed(**keys: object) -> bytes:
    return json.dumps({**deployment_value(STATE), **keys}).encode()


ROLLOUT: Any = deployment_value(STATE)["rollout"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"format": "puppyai.com/deployment/v1"}',
        changed(format="puppyai.com/deployment/v1"),
        changed(serving=[{"version": "1.0.0"}]),
        changed(serving=[deployment_value(STATE)["previous"]] * 2),
        changed(revision=-1),
        changed(revision=True),
        changed(previous=3),
        changed(rollout={}),
        changed(workflow=None),
    ],
)
def test_what_is_no_state_is_refused_with_its_place(data: bytes) -> None:
    with pytest.raises(RegistryError) as caught:
        read_deployment(data, "environments/production/hello.json")
    assert caught.value.location.startswith("environments/production/hello.json")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (changed(revision=-1), "revision: expected int >= 0"),
        (changed(actor=None), "actor: expected str, got null"),
        (changed(more=1), "more is unknown"),
        (changed(rollout={**ROLLOUT, "phase": "asleep"}), "rollout.phase: invalid enum value"),
        (changed(rollout={**ROLLOUT, "step": "1"}), "rollout.step: expected int, got str"),
        (changed(previous={"version": "1.0.0"}), "previous.digest is missing"),
    ],
)
def test_a_wrong_member_is_named(data: bytes, reason: str) -> None:
    with pytest.raises(RegistryError, match=reason) as caught:
        read_deployment(data, "deployments:environments/production/hello.json")
    assert caught.value.location == "deployments:environments/production/hello.json"
    assert "state repair" in caught.value.hint


def test_a_lock_that_was_changed_by_hand_is_refused() -> None:
    value = deployment_value(STATE)
    serving = value["serving"]
    assert isinstance(serving, list)
    entry = serving[0]
    assert isinstance(entry, dict)
    lock: Object = {"helper": {"version": "9.9.9", "digest": "sha256:e", "registry": "public"}}
    entry["lock"] = lock
    with pytest.raises(RegistryError, match="another digest"):
        read_deployment(json.dumps(value).encode(), "x")
