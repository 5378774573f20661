"""Methods that an address doesn't take."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


@pytest.fixture(scope="module")
def asked() -> list[tuple[str, str, str]]:
    return [
        ("PATCH", "/workflows", "GET, HEAD, POST"),
        ("OPTIONS", "/workflows/hello", "DELETE, GET, HEAD, PUT"),
        ("GET", "/auth/token", "POST"),
        ("PUT", "/workflows/hello/deploy", "POST"),
    ]


def test_all_that_an_address_takes_is_reported(
    client: TestClient, asked: list[tuple[str, str, str]]
) -> None:
    for method, path, allowed in asked:
        answer = client.request(method, f"/api/v1{path}")
        assert (answer.status_code, answer.headers.get("allow")) == (405, allowed), path
        assert answer.json()["help"] == f"it takes {allowed}"
    assert client.get("/api/v1/workflows/hello.json").status_code == 200
