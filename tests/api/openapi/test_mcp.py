"""Messages of the Model Context Protocol fit their description."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator
from mcp_types import INVALID_PARAMS, ErrorData, JSONRPCError, JSONRPCRequest

from registry_tool.api.openapi.mcp import PATHS


def test_requests_and_errors_fit() -> None:
    document: Any = PATHS
    post = document["/mcp"]["post"]
    asked = Draft202012Validator(post["requestBody"]["content"]["application/json"]["schema"])
    validator = Draft202012Validator(
        post["responses"]["200"]["content"]["application/json"]["schema"]
    )
    request = JSONRPCRequest(jsonrpc="2.0", id=1, method="ping")
    error = JSONRPCError(jsonrpc="2.0", id=1, error=ErrorData(code=INVALID_PARAMS, message="no"))
    assert asked.is_valid(request.model_dump(mode="json", exclude_none=True))
    assert validator.is_valid(error.model_dump(mode="json", exclude_none=True))
    assert not asked.is_valid({"method": "ping"})
