"""Nodes of every generation find their builder."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.canvas import data_of


@pytest.mark.parametrize(
    ("type_", "data", "edge_type", "expected"),
    [
        ("code", {"code": "def f(): ..."}, "code", {"code": "def f(): ..."}),
        (
            "load",
            {},
            "load",
            {"block_type": "file", "content": "a", "extra_configs": {"file_configs": []}},
        ),
    ],
)
def test_operations(
    type_: str, data: dict[str, Any], edge_type: str, expected: dict[str, Any]
) -> None:
    assert data_of(type_, **data) == (edge_type, expected)
