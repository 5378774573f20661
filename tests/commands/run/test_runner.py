from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.run.runner import assign_runner
from registry_tool.core.errors import NotFoundError
from registry_tool.state.target import Target


@pytest.fixture
def target(make_registry: Callable[..., Any]) -> Target:
    made = make_registry(git=True)
    folder = made.add("hello", "1.0.0")
    manifest = folder / "manifest.yaml"
    manifest.write_text(
        manifest.read_text().replace("memory: 512Mi", "compute: large, timeout: 90s")
    )
    made.compile()
    made.add("hello", "1.1.0")
    settings = made.root / "registry/registry.yaml"
    settings.write_text(
        settings.read_text().replace(
            "development: {}", "development: { runners: { standard: small-one, large: big-one } }"
        )
    )
    made.commit("Publish")
    return Target(made.root)


def test_the_allocation_names_runner_and_time(target: Target) -> None:
    deploy(target, "hello:1.0.0", "development")
    found = assign_runner(target, "hello", "development", "exec-1")
    assert (found.version, found.runner, found.minutes) == ("1.0.0", "big-one", 7)


def test_a_version_that_asks_for_nothing_gets_the_usual(target: Target) -> None:
    deploy(target, "hello:1.1.0", "development")
    found = assign_runner(target, "hello", "development", "exec-1")
    assert (found.runner, found.minutes) == ("small-one", 60)


def test_what_does_not_serve_has_no_place(target: Target) -> None:
    with pytest.raises(NotFoundError, match="not deployed"):
        assign_runner(target, "hello", "development", "exec-1")
    with pytest.raises(NotFoundError, match=r"no workflow helo .did you mean hello"):
        assign_runner(target, "helo", "development", "exec-1")
