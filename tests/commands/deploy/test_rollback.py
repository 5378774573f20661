"""Back to what served before, with its configuration, its lock and a reason."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.deploy.promote import promote
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.state.audit_log import entries
from registry_tool.state.target import deployed
from tests.commands.deploying import ENV, Scene, status, target


def test_a_rollback_tells_its_reason(scene: Scene) -> None:
    rollback(scene.target, "hello", ENV, how=scene.how(reason="answers got worse", actor="ada"))
    assert scene.events("hello", ENV)[-1]["detail"]["reason"] == "answers got worse"
    entry = list(entries(scene.target, ENV))[-1]
    assert (entry.action, entry.detail["reason"]) == ("rollback", "answers got worse")  # type: ignore[index,call-overload]
    found = status(scene)
    assert list(found.sentences()) == [
        "hello in production: rolled back from 1.1.0 by ada (2026-01-01T00:00:00.000Z): answers got worse"
    ]
    value: Any = found.to_value()
    assert value["last_rollback"]["reason"] == "answers got worse"
    scene.runs.made = {"1.1.0": (90, 0)}
    deploy(scene.target, "hello:1.1.0", ENV, how=scene.how())
    for _ in range(2):
        scene.clock.forward(601)
        state = promote(scene.target, "hello", ENV, how=scene.how())
    assert state.rollout is None
    assert list(status(scene).sentences()) == []  # something was deployed well since


def test_rollback_serves_what_served_before(registry: object) -> None:
    where = target(registry)
    deploy(where, "hello:1.0.0", "development")
    deploy(where, "hello:1.1.0", "development")
    assert rollback(where, "hello", "development").main.version == "1.0.0"
    assert deployed(where, "hello", "development").main.version == "1.0.0"
    assert rollback(where, "hello", "development", to="1.1.0").main.version == "1.1.0"


@pytest.mark.parametrize("changed", [False, True])
def test_the_way_back_must_still_be_in_the_registry(registry: object, *, changed: bool) -> None:
    where = target(registry)
    deploy(where, "hello:1.0.0", "development")
    deploy(where, "hello:1.1.0", "development")
    before = where.root / "registry/workflows/hello/1.0.0"
    if changed:
        (before / "docs/README.md").write_text("tampered with")
    else:
        shutil.rmtree(before)
    with pytest.raises(RegistryError, match=r"hello:1\.0\.0 can't serve again") as refused:
        rollback(where, "hello", "development")
    assert "git pull" in refused.value.hint
    assert deployed(where, "hello", "development").main.version == "1.1.0"


def test_without_a_version_before_there_is_no_way_back(registry: object) -> None:
    deploy(target(registry), "hello", "development")
    with pytest.raises(NotFoundError, match="no version of hello served in development before"):
        rollback(target(registry), "hello", "development")
    with pytest.raises(NotFoundError, match="is not deployed"):
        rollback(target(registry), "caller", "development")
