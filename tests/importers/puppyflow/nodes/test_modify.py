"""Nodes that copy, edit and convert."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.canvas import data_of


@pytest.mark.parametrize(
    ("type_", "data", "edge_type", "expected"),
    [
        ("copy", {}, "modify", {"modify_type": "copy", "content": "{{A}}", "extra_configs": {}}),
        ("convert2text", {}, "modify", {"modify_type": "convert2text", "content": "{{A}}"}),
        (
            "convert2structured",
            {"execMode": "split by character", "extra_configs": {"list_separator": '[","]'}},
            "modify",
            {
                "modify_type": "convert2structured",
                "content": "{{A}}",
                "extra_configs": {
                    "conversion_mode": "split_by_character",
                    "action_type": "default",
                    "list_separator": [","],
                },
            },
        ),
        (
            "editText",
            {"content": "{{B}}!", "extra_configs": {"retMode": "return last n", "configNum": 3}},
            "modify",
            {
                "modify_type": "edit_text",
                "content": "{{B}}!",
                "extra_configs": {"slice": [-3, -1], "sort_type": "/"},
            },
        ),
        (
            "editStructured",
            {
                "type": "get",
                "getConfigData": [{"key": "num", "value": "0"}, {"key": "key", "value": "1"}],
            },
            "modify",
            {
                "modify_type": "edit_structured",
                "content": "{{A}}",
                "extra_configs": {
                    "operations": [
                        {
                            "type": "get",
                            "params": {"path": [0, "1"], "default": "Get Failed, value not exist"},
                        }
                    ]
                },
            },
        ),
        (
            "editStructured",
            {"type": "replace", "getConfigData": [{"key": "key", "value": "k"}], "paramv": "v"},
            "modify",
            {
                "modify_type": "edit_structured",
                "content": "{{A}}",
                "extra_configs": {
                    "operations": [{"type": "set_value", "params": {"path": ["k"], "value": "v"}}]
                },
            },
        ),
    ],
)
def test_operations(
    type_: str, data: dict[str, Any], edge_type: str, expected: dict[str, Any]
) -> None:
    assert data_of(type_, **data) == (edge_type, expected)
