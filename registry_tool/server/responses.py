"""Answers with an ETag, 304 for who has it already; what a commit shows is rendered once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from registry_tool.commands.live.rendered import RenderedDocument
from registry_tool.commands.live.view import RegistryView
from registry_tool.core.files import canonical_json
from registry_tool.core.values import Value


def encoded(value: Value) -> bytes:
    """JSON, the same bytes for the same value."""
    return canonical_json(value)


def json_document(value: Value, headers: Mapping[str, str] | None = None) -> RenderedDocument:
    """A value as it is sent."""
    return RenderedDocument(encoded(value), "application/json", headers or {})


def json_response(
    request: Request, value: Value, headers: Mapping[str, str] | None = None
) -> Response:
    """200 with an ETag of the content, 304 where `If-None-Match` names it."""
    return respond(request, json_document(value, headers))


def respond(request: Request, document: RenderedDocument, *, compress: bool = False) -> Response:
    """A document, or 304 for who has it; `compress` for one that is kept, so that it is compressed once."""
    told = dict(document.headers)
    if _named(request.headers.get("if-none-match", ""), told["ETag"]):
        return Response(None, HTTPStatus.NOT_MODIFIED, told)
    content = document.content
    if compress and "gzip" in request.headers.get("accept-encoding", "") and document.compressed:
        content = document.compressed
        told |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(content, HTTPStatus.OK, told, document.media_type)


def kept(
    request: Request, shown: RegistryView, render: Callable[[], RenderedDocument], *depends: str
) -> Response:
    """A document of a commit, rendered when it is first asked for; `depends` are what else its bytes depend on."""
    key = (*key_of(request), *depends)
    found = shown.rendered.get(key)
    if found is None:
        found = replace(render(), route=route_of(request))
        shown.rendered.keep(key, found)
    return respond(request, found, compress=True)


def key_of(request: Request) -> tuple[str, str]:
    """What an address asks for: the path and the query as they were written."""
    return request.scope["path"], request.scope["query_string"].decode("latin-1")


def route_of(request: Request) -> tuple[object, str]:
    """What the log and the metrics call an address: its route, and where that is mounted."""
    return request.scope.get("route"), request.scope.get("root_path", "")


def _named(header: str, tag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2)."""
    wanted = tag.removeprefix("W/")
    found = (one.strip().removeprefix("W/") for one in header.split(","))
    return header.strip() == "*" or wanted in found
