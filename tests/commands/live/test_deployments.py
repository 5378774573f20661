"""Deployments of a live registry beside its answers: bounded, the same by the same key, failed with a reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.commands.live import deployments
from registry_tool.commands.live.deployments import (
    LiveDeployments,
    TooManyDeploymentsError,
    WantedDeployment,
)
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.security.tokens.principal import Principal
from registry_tool.state.target import Target
from tests.conftest import RegistryFolder

ADA = Principal(1, "ada")
WANTED = WantedDeployment("hello", "development", key="one")


@pytest.fixture
def target(make_registry: Callable[..., RegistryFolder]) -> Target:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    return Target(registry.root)


def test_the_same_key_is_the_same_deployment_and_there_is_an_end_to_them(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deployments, "MOST", 1)
    waiting: list[Callable[[], None]] = []
    all_ = LiveDeployments(target, waiting.append)
    made = all_.start(ADA, WANTED)
    assert all_.start(ADA, WANTED) == made
    assert all_.status("hello", "development", made)["status"] == "pending"
    with pytest.raises(TooManyDeploymentsError):
        all_.start(ADA, WantedDeployment("hello", "development"))
    waiting.pop()()
    assert waiting == []
    assert all_.status("hello", "development", made)["status"] == "serving"
    restarted = LiveDeployments(target, waiting.append)
    assert restarted.start(ADA, WANTED) == made
    assert waiting == []


def test_a_failure_says_why(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RegistryError("the disk is full", location="/var/secret/place")

    monkeypatch.setattr(deployments, "deploy", broken)
    all_ = LiveDeployments(target, lambda work: work())
    made = all_.start(ADA, WANTED)
    found = all_.status("hello", "development", made)
    assert (found["status"], found["reason"]) == ("failed", "the disk is full")
    with pytest.raises(NotFoundError):
        all_.status("other", "development", "dep-1")


@pytest.mark.parametrize("config", [{"provider": {"a": [1] * 3}}, {}])
def test_a_request_is_read_as_a_jobs(config: dict[str, object]) -> None:
    wanted = WantedDeployment("hello", "development", "^1.0", config)  # type: ignore[arg-type]
    assert wanted.request().workflow == "hello@^1.0"
    with pytest.raises(UsageError):
        WantedDeployment("hello", "development", "not a range").request()
