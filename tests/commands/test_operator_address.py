"""Whose a model's address is: the manifest's is guarded, the operator's is asked as it stands."""

from __future__ import annotations

import pytest

from registry_tool.deploy.configuration import config_value
from registry_tool.manifest.load import workflow_from
from registry_tool.runtime.environments import environment_of

OWN = "https://models.example.com/v1"
WORKFLOW = workflow_from(
    {
        "apiVersion": "puppyai.com/v1",
        "kind": "Workflow",
        "metadata": {"name": "hello", "version": "1.0.0", "description": "Greets"},
        "spec": {
            "blocks": [{"id": "who", "type": "text"}],
            "edges": [],
            "interface": {"inputs": [], "outputs": []},
            "runtime": {
                "dependencies": {"external_apis": [{"name": "m", "hosts": ["models.example.com"]}]},
                "environments": {"production": {"base_url": OWN}},
            },
        },
    },
    "manifest.yaml",
)


@pytest.mark.parametrize(
    ("overlay", "operators"),
    [
        (None, ""),
        ({}, ""),
        ({"base_url": "http://10.0.0.1/v1"}, "http://10.0.0.1/v1"),
        ({"base_url": OWN}, ""),
    ],
)
def test_only_what_the_overlay_sets_is_the_operators(
    overlay: dict[str, str] | None, operators: str
) -> None:
    assert environment_of(WORKFLOW, "production", overlay).operator_address == operators


def test_a_deployments_configuration_does_not_make_the_manifests_address_the_operators() -> None:
    served = config_value(environment_of(WORKFLOW, "production"))
    assert served["base_url"] == OWN
    assert environment_of(WORKFLOW, "production", served).operator_address == ""
