"""What serves where, and the program behind it as it was deployed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.state.target import (
    Target,
    demand_there,
    deployed,
    deployments,
    open_deployed,
    open_serving,
    settings_of,
)


def test_what_serves_is_opened_with_its_lock(served: Target) -> None:
    found = deployed(served, "hello", "production")
    opened = open_deployed(served, found)
    assert (opened.program.workflow.reference, opened.program.digest) == (
        "hello:1.0.0",
        found.main.digest,
    )
    assert opened.lock == found.lock


def test_what_does_not_serve_is_reported(served: Target) -> None:
    with pytest.raises(NotFoundError, match="other is not deployed to production"):
        deployed(served, "other", "production")
    with pytest.raises(UsageError, match="prodution"):
        deployed(served, "hello", "prodution")


def test_deployments_are_chosen_by_environment_and_name(served: Target) -> None:
    def of(environment: str = "", name: str = "") -> list[str]:
        return [one.environment for one in deployments(served, environment, name)[0]]

    assert of() == ["development", "production"]
    assert of("production", "hello") == ["production"]
    assert of(name="other") == []


def test_another_version_than_was_deployed_is_not_opened(served: Target) -> None:
    serving = replace(deployed(served, "hello", "production").main, digest="sha256:other")
    with pytest.raises(RegistryError, match="but sha256:other was deployed"):
        open_serving(served, "hello", serving)
    with pytest.raises(RegistryError, match="can't serve again, nothing was switched"):
        demand_there(served, "hello", serving)


def test_settings_of_an_environment(served: Target) -> None:
    assert settings_of(served, "production").limits["memory"] == "1Gi"
    with pytest.raises(UsageError, match="prodution"):
        settings_of(served, "prodution")
