"""An edited pointer beside real events, as a deployment wrote them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from registry_tool.commands.deploy.deploy import DeployOptions, deploy
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.deploy.consistency import pointer_problem
from registry_tool.deploy.event_log import DeployEvent
from registry_tool.deploy.model import Deployment
from registry_tool.state.target import Target


@pytest.fixture
def deployed(make_registry: Callable[..., object]) -> tuple[Deployment, list[DeployEvent]]:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    target = Target(registry.root, environ={})  # type: ignore[attr-defined]
    deploy(target, "hello:1.0.0", "development")
    canary = {"type": "canary", "steps": [{"weight": 10, "pause": "1h"}]}
    deploy(target, "hello:1.1.0", "development", how=DeployOptions(strategy=canary))  # type: ignore[arg-type]
    view = target.store().view("development", "hello")
    assert view.deployment is not None
    return view.deployment, list(view.read_events())


def test_a_canary_says_what_its_events_say(deployed: tuple[Deployment, list[DeployEvent]]) -> None:
    assert pointer_problem(*deployed) == ""


def test_every_edit_shows(deployed: tuple[Deployment, list[DeployEvent]]) -> None:
    state, events = deployed
    new, old = state.serving
    for serving in (
        (new.at(90), old.at(10)),
        (old.at(100),),
        (replace(new, digest=old.digest), old),
    ):
        assert "what serves" in pointer_problem(replace(state, serving=serving), events)
    poisoned = replace(new, config={"variables": {"host": "evil.example"}})
    found = pointer_problem(replace(state, serving=(poisoned, old)), events)
    assert found == "its configuration of 1.1.0 is not what the events recorded"


def test_the_way_back_says_what_its_events_say(make_registry: Callable[..., object]) -> None:
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)  # type: ignore[attr-defined]
    target = Target(registry.root, environ={})  # type: ignore[attr-defined]
    for version in ("1.0.0", "1.1.0"):
        deploy(target, f"hello:{version}", "development")
    rollback(target, "hello", "development")
    view = target.store().view("development", "hello")
    assert view.deployment is not None
    assert pointer_problem(view.deployment, view.read_events()) == ""
