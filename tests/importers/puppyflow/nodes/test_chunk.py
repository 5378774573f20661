"""Nodes that cut texts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.canvas import data_of


@pytest.mark.parametrize(
    ("type_", "data", "edge_type", "expected"),
    [
        ("chunkingAuto", {}, "chunk", {"chunking_mode": "auto", "extra_configs": {}}),
        (
            "chunkingByLength",
            {},
            "chunk",
            {
                "chunking_mode": "length",
                "sub_chunking_mode": "size",
                "extra_configs": {"chunk_size": 200, "overlap": 20, "handle_half_word": False},
            },
        ),
        (
            "chunkingByCharacter",
            {"delimiters": ["."]},
            "chunk",
            {
                "chunking_mode": "character",
                "sub_chunking_mode": "character",
                "extra_configs": {"delimiters": ["."]},
            },
        ),
        (
            "chunk",
            {"subMenuType": "chunk-ForHTML"},
            "chunk",
            {"chunking_mode": "advanced", "sub_chunking_mode": "html", "extra_configs": {}},
        ),
    ],
)
def test_operations(
    type_: str, data: dict[str, Any], edge_type: str, expected: dict[str, Any]
) -> None:
    assert data_of(type_, **data) == (edge_type, expected)
