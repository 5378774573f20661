"""Registries that several files deploy to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.commands.deploy.deploy import deploy
from tests.commands.deploying import ENV, Make, Scene, scene_of


@pytest.fixture
def scene(make_registry: Make) -> Scene:
    """1.1.0 takes a tenth of production's runs, for ten minutes at least."""
    registry = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        registry.add("hello", version)
    made = scene_of(registry)
    made.runs.made = {"1.0.0": (30, 0)}
    deploy(made.target, "hello:1.0.0", ENV, how=made.how())
    deploy(made.target, "hello:1.1.0", ENV, how=made.how(id="dep-a"))
    made.runs.made["1.1.0"] = (30, 0)
    return made


@pytest.fixture
def registry(make_registry: Callable[..., object]) -> object:
    made = make_registry(git=True)
    for version in ("1.0.0", "1.1.0"):
        made.add("hello", version)
    made.add("caller", "1.0.0", hello="^1.0.0")
    made.commit("Publish")
    return made
