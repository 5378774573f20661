"""Nodes that search."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.puppyflow.canvas import data_of


@pytest.mark.parametrize(
    ("type_", "data", "edge_type", "expected"),
    [
        (
            "search",
            {"subMenuType": "search-Google", "top_k": 2},
            "search",
            {
                "search_type": "web",
                "sub_search_type": "google",
                "top_k": 2,
                "query_id": {"a": "A"},
                "extra_configs": {},
            },
        ),
        (
            "searchPerplexity",
            {},
            "search",
            {
                "search_type": "qa",
                "sub_search_type": "perplexity",
                "query_id": {"a": "A"},
                "extra_configs": {"model": "sonar-pro"},
            },
        ),
        (
            "retrieving",
            {"query_id": {"id": "b", "label": "B"}, "extra_configs": {"threshold": 0.5}},
            "search",
            {
                "search_type": "vector",
                "top_k": 5,
                "threshold": 0.5,
                "query_id": {"b": "B"},
                "data_source": [{"id": "a", "label": "A"}],
                "extra_configs": {"model": "text-embedding-ada-002"},
            },
        ),
    ],
)
def test_operations(
    type_: str, data: dict[str, Any], edge_type: str, expected: dict[str, Any]
) -> None:
    assert data_of(type_, **data) == (edge_type, expected)
