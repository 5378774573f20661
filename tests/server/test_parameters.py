"""Queries are read strictly."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("query", "parameter", "help"),
    [
        ("tags=x", "tags", "did you mean 'tag'?"),
        ("sort=size", "sort", "there are name"),
        ("page=0", "page", ""),
        ("page=1e3", "page", ""),
        ("per_page=101", "per_page", ""),
        ("page=1&page=2", "page", ""),
        ("q=", "q", "leave it out"),
        ("author=" + "x" * 201, "author", ""),
    ],
)
def test_a_parameter_that_is_wrong_is_named(
    client: TestClient, query: str, parameter: str, help: str
) -> None:
    answer = client.get(f"/api/v1/workflows?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["parameter"] == parameter
    assert help in answer.json().get("help", "")
