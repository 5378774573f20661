"""What surrounds every request."""

from __future__ import annotations

import json
import logging

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from registry_tool.server.middleware import ACCESS_LOG, BodyLimits
from registry_tool.server.problems import HANDLED, on_problem


async def echo(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


def limited(largest: int) -> TestClient:
    handlers = dict.fromkeys(HANDLED, on_problem)
    app = Starlette(routes=[Route("/", echo, methods=["POST"])], exception_handlers=handlers)
    app.add_middleware(BodyLimits, largest=largest, patience=5.0)
    return TestClient(app)


def test_a_body_that_is_too_large_is_refused_with_and_without_a_length() -> None:
    client = limited(10)
    assert client.post("/", content=b"x" * 10).text == "10"
    result = client.post("/", content=b"x" * 11)
    untold = client.post("/", content=(b"xxxx" for _ in range(3)))
    assert [result.status_code, untold.status_code] == [413, 413]
    assert result.headers["content-type"] == "application/problem+json"


def test_each_request_has_an_id_and_a_line_without_its_query(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, ACCESS_LOG):
        answer = client.get(
            "/api/v1/workflows/hello?version=1.0.0", headers={"X-Request-Id": "a-1"}
        )
    assert answer.headers["x-request-id"] == "a-1"
    line = json.loads(next(r.message for r in caplog.records if r.name == ACCESS_LOG))
    result = line["metadata"]
    assert (result["request_id"], result["status"], result["method"]) == ("a-1", 200, "GET")
    assert result["route"] == "/api/v1/workflows/{name:line}"
    assert "1.0.0" not in json.dumps(line)


def test_an_id_that_could_forge_a_line_is_not_taken(client: TestClient) -> None:
    given = 'a"b c'
    assert client.get("/health", headers={"X-Request-Id": given}).headers["x-request-id"] != given


def test_headers_that_every_answer_has(client: TestClient) -> None:
    for path in ("/health", "/api/v1/workflows", "/nope", "/api/v1/workflows/nope"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


def test_other_sites_may_read(client: TestClient) -> None:
    answer = client.get("/api/v1/workflows", headers={"Origin": "https://a.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_large_answers_are_compressed(client: TestClient) -> None:
    answer = client.get("/api/v1/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
