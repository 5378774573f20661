"""What a job of an environment has to install."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.commands.jobs.needs import asks_the_embedded_model, needs
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Object
from registry_tool.state.target import Target
from tests.conftest import RegistryFolder


@pytest.mark.parametrize(
    ("overlay", "asks"),
    [
        ({}, False),
        ({"provider": "openai"}, False),
        ({"provider": "local"}, True),
        ({"provider": "openai", "substitute": "local"}, True),
    ],
)
def test_who_may_answer_is_installed(overlay: Object, asks: bool) -> None:
    assert asks_the_embedded_model(EnvironmentSettings("staging", overlay=overlay)) is asks


def test_an_environment_that_is_not_there(make_registry: Callable[..., RegistryFolder]) -> None:
    target = Target(make_registry(git=True).root)
    assert needs(target, "development") == {"local": False}
    with pytest.raises(UsageError, match="no environment 'developmnt'"):
        needs(target, "developmnt")
