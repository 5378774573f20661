"""Errors as OpenAI's clients read them."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from starlette.testclient import TestClient

from registry_tool.server.openai_errors import openai_error


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (HTTPStatus.BAD_REQUEST, "invalid_request_error", None),
        (HTTPStatus.UNAUTHORIZED, "authentication_error", "invalid_api_key"),
        (HTTPStatus.TOO_MANY_REQUESTS, "rate_limit_error", "rate_limit_exceeded"),
        (HTTPStatus.SERVICE_UNAVAILABLE, "server_error", None),
    ],
)
def test_each_status_has_a_type(status: HTTPStatus, kind: str, code: str | None) -> None:
    assert openai_error(status, "no", "do it") == {
        "error": {"message": "no (do it)", "type": kind, "param": None, "code": code}
    }


def test_what_the_framework_and_the_gate_refuse_has_the_shape_too(client: TestClient) -> None:
    for address, headers, status in (
        ("/v1/nothing", {}, 404),
        ("/v1/chat/completions", {}, 405),
        ("/v1/models", {"Authorization": "Bearer none"}, 401),
    ):
        found = client.get(address, headers=headers)
        assert (found.status_code, set(found.json())) == (status, {"error"})
