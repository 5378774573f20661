"""Nodes that ask a model."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.canvas import CHOICE, convert, data_of, node


def test_messages_that_the_editor_leaves_out_are_reported() -> None:
    _, losses = convert(node("op", "llmnew", content=[{"role": "assistant", "content": "x"}]))
    assert [loss.what for loss in losses] == ["a message of the role assistant"]


@pytest.mark.parametrize(
    ("type_", "data", "edge_type", "expected"),
    [
        (
            "llmnew",
            {"content": [{"role": "user", "content": "{{A}}"}], "max_tokens": 9, **CHOICE},
            "llm",
            {
                "messages": [{"role": "user", "content": "{{A}}"}],
                "model": "m",
                "max_tokens": 9,
                "temperature": 0.7,
                "structured_output": False,
            },
        ),
        (
            "generate",
            {"query_ids": {"id": "b", "label": "B"}, "document_ids": {"id": "a"}, **CHOICE},
            "generator",
            {
                "queries": ["b"],
                "docs": ["a"],
                "sys_prompt_template": "default",
                "user_prompt_template": "default",
                "model": "m",
                "max_tokens": 2048,
                "structured_output": False,
            },
        ),
    ],
)
def test_operations(
    type_: str, data: dict[str, Any], edge_type: str, expected: dict[str, Any]
) -> None:
    assert data_of(type_, **data) == (edge_type, expected)
