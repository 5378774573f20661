"""JSON answers with an ETag, and 304 for who has it already."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from registry_tool.core.files import canonical_json
from registry_tool.core.values import Value


def encoded(value: Value) -> bytes:
    """JSON, the same bytes for the same value."""
    return canonical_json(value)


def json_response(
    request: Request, value: Value, headers: Mapping[str, str] | None = None
) -> Response:
    """200 with an ETag of the content, 304 where `If-None-Match` names it."""
    return content_response(request, encoded(value), "application/json", headers)


def content_response(
    request: Request, content: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """200 with bytes and a weak ETag (a compressed answer has it, too); 304 where `If-None-Match` names it."""
    tag = f'W/"{sha256(content).hexdigest()[:32]}"'
    sent = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    if _named(request.headers.get("if-none-match", ""), tag):
        return Response(None, HTTPStatus.NOT_MODIFIED, sent)
    return Response(content, HTTPStatus.OK, sent, media_type)


def _named(header: str, tag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2)."""
    wanted = tag.removeprefix("W/")
    found = (one.strip().removeprefix("W/") for one in header.split(","))
    return header.strip() == "*" or wanted in found
