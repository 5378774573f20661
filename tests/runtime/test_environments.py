"""What of a run's environment is the operator's stays theirs in a deployment's configuration."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.deploy.configuration import config_value
from registry_tool.manifest.model import Environment, Metadata, Workflow
from registry_tool.runtime.environments import environment_of

OWN = Environment("production", {"llm_model": "a", "max_tokens": 5}, {"tone": "Hi"})
FLOW = Workflow(Metadata("t", "1.0.0"), (), (), environments=(OWN,))


@pytest.mark.parametrize(
    ("overlay", "overrides", "variables", "repeated"),
    [
        ({}, {}, {}, ()),
        ({"llm_model": "b"}, {"llm_model": "b"}, {}, ()),
        ({"llm_model": "a"}, {"llm_model": "a"}, {}, ("llm_model",)),  # as the manifest says, too
        (
            {"variables": {"tone": "Hi", "sign": "A"}},
            {},
            {"tone": "Hi", "sign": "A"},
            ("variables.tone",),
        ),
    ],
)
def test_what_was_set_is_known_at_deployment_and_at_every_run(
    overlay: Any, overrides: Any, variables: Any, repeated: tuple[str, ...]
) -> None:
    configured = environment_of(FLOW, "production", overlay, entire=False)
    served = environment_of(FLOW, "production", config_value(configured))
    for found in (configured, served):
        assert (found.overlay, found.overlay_variables) == (overrides, variables)
        assert found.repeated == repeated
        assert "repeated" not in found.overrides
    assert served == configured


def test_an_address_that_both_name_is_the_operators_where_the_operator_set_it() -> None:
    own = Environment("production", {"base_url": "https://m.example/v1"})
    flow = Workflow(Metadata("t", "1.0.0"), (), (), environments=(own,))
    overlay = {"base_url": "https://m.example/v1"}
    configured = environment_of(flow, "production", overlay, entire=False)
    assert configured.operator_address == "https://m.example/v1"
    served = environment_of(flow, "production", config_value(configured))
    assert served.operator_address == "https://m.example/v1"


def test_an_environment_that_is_governed_already_is_taken_as_it_is() -> None:
    configured = environment_of(FLOW, "production", {"llm_model": "b"}, entire=False)
    again = Workflow(Metadata("t", "1.0.0"), (), (), environments=(configured,))
    assert environment_of(again, "production") is configured
