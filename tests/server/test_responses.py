"""JSON with an ETag."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from registry_tool.server.responses import json_response


def test_who_has_it_already_is_reported_so(client: TestClient) -> None:
    for path in ("workflows", "workflows/hello", "workflows/hello/versions", "openapi.json"):
        first = client.get(f"/api/v1/{path}")
        again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = client.get(f"/api/v1/{path}", headers={"If-None-Match": 'W/"x"'})
        assert other.status_code == 200


def answered(header: str) -> int:
    headers = [(b"if-none-match", header.encode())]
    return json_response(Request({"type": "http", "headers": headers}), {"a": 1}).status_code


TAG = json_response(Request({"type": "http", "headers": []}), {"a": 1}).headers["etag"]


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (TAG, 304),
        (TAG.removeprefix("W/"), 304),
        (f'"x", {TAG}', 304),
        ("*", 304),
        ("", 200),
        ('"x"', 200),
    ],
)
def test_tags_are_compared_weakly(header: str, status: int) -> None:
    assert answered(header) == status
