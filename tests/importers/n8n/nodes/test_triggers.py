"""What starts a workflow there becomes its inputs here."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.n8n.read import read
from tests.importers.n8n.flows import flow, node, outputs, statuses


def started(type_: str, **parameters: Any) -> Any:
    nodes = {"t": node(type_, 1, **parameters), "e": node("noOp")}
    return read(flow(nodes, "t > e"), name="x")


@pytest.mark.parametrize(
    ("type_", "parameters", "inputs", "wanted"),
    [
        ("manualTrigger", {}, {}, [{}]),
        ("scheduleTrigger", {}, {}, [{}]),
        ("chatTrigger", {}, {"chatInput": "hi"}, [{"chatInput": "hi", "sessionId": ""}]),
        (
            "webhook",
            {},
            {"body": {"a": 1}},
            [{"body": {"a": 1}, "query": {}, "headers": {}, "params": {}}],
        ),
        (
            "formTrigger",
            {
                "formFields": {
                    "values": [
                        {"fieldLabel": "Your age", "fieldType": "number", "requiredField": True}
                    ]
                }
            },
            {"Your_age": 3},
            [{"Your age": 3}],
        ),
        (
            "executeWorkflowTrigger",
            {"workflowInputs": {"values": [{"name": "a"}]}},
            {"a": "x"},
            [{"a": "x"}],
        ),
        ("executeWorkflowTrigger", {}, {"items": [{"a": 1}]}, [{"a": 1}]),
    ],
)
def test_its_item(type_: str, parameters: Any, inputs: Any, wanted: Any) -> None:
    assert outputs(started(type_, **parameters), inputs)["e"] == wanted


def test_others_are_services_that_give_items() -> None:
    assert statuses(started("gmailTrigger"))["t"] == "carried"
    assert statuses(started("cron"))["t"] == "needs"
