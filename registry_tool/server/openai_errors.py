"""Errors in the shape of OpenAI's API: https://platform.openai.com/docs/guides/error-codes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from registry_tool.core.values import Object, Value

ROOT: Final = "/v1/"
"""Below it, errors have this shape, those of the framework and of the gate included."""
_TYPES: Final = {
    HTTPStatus.UNAUTHORIZED: ("authentication_error", "invalid_api_key"),
    HTTPStatus.FORBIDDEN: ("permission_error", None),
    HTTPStatus.TOO_MANY_REQUESTS: ("rate_limit_error", "rate_limit_exceeded"),
}


def openai_error(
    status: HTTPStatus, detail: str, help: str = "", more: Mapping[str, Value] | None = None
) -> Object:
    """`{"error": {message, type, param, code}}`; `parameter` and `code` of `more` become its own."""
    known = more or {}
    usual = (
        "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    )
    kind, code = _TYPES.get(status, (usual, None))
    message = f"{detail} ({help})" if help else detail
    return {
        "error": {
            "message": message,
            "type": kind,
            "param": known.get("parameter"),
            "code": known.get("code", code),
        }
    }
