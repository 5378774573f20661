"""Nothing there, or a typing error: the latter is told with the nearest name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.commands.consume.unknown_names import (
    demand_environment_of,
    demand_known,
    demand_recorded,
    known_workflow,
)
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.manifest.model import Environment, Metadata, Workflow
from registry_tool.state.target import Target
from tests.conftest import RegistryFolder


@pytest.fixture
def target(make_registry: Callable[..., RegistryFolder]) -> Target:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    return Target(registry.root)


def test_a_mistyped_name_is_reported(target: Target) -> None:
    demand_known(target, "production", "hello")
    demand_known(target)
    with pytest.raises(NotFoundError, match="no workflow helo") as caught:
        demand_known(target, name="helo")
    assert "hello" in caught.value.hint
    with pytest.raises(UsageError, match="prodution"):
        demand_known(target, "prodution")


def test_what_is_not_found_under_a_known_name_stays_so(target: Target) -> None:
    with pytest.raises(NotFoundError, match="never deployed"), known_workflow(target, "hello"):
        raise NotFoundError("never deployed")
    with pytest.raises(NotFoundError, match="no workflow helo"), known_workflow(target, "helo"):
        raise NotFoundError("never deployed")


def test_an_environment_is_the_registrys_or_was_deployed_to(target: Target) -> None:
    demand_recorded(target, "")
    demand_recorded(target, "production")
    with pytest.raises(UsageError, match="prodution"):
        demand_recorded(target, "prodution")


def test_without_a_registry_the_manifests_environments_count(tmp_path: object) -> None:
    flow = Workflow(Metadata("mine", "1.0.0"), (), (), environments=(Environment("staging"),))
    demand_environment_of(flow, str(tmp_path), "staging")
    demand_environment_of(flow, str(tmp_path), "")
    demand_environment_of(flow, "https://registry.example", "any")
    with pytest.raises(UsageError, match="no environment 'mars', and no registry") as caught:
        demand_environment_of(flow, str(tmp_path), "mars")
    assert "it has staging" in caught.value.hint
