"""Reading: lists, workflows, versions, as far as they are for who asks."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry_tool.commands.live.listing import ListPage, ListQuery, listed
from registry_tool.commands.live.rendered import RenderedDocument
from registry_tool.commands.live.view import RegistryView
from registry_tool.core.values import Object, Value
from registry_tool.server.authorisation import view
from registry_tool.server.context import context
from registry_tool.server.parameters import list_query, query_of
from registry_tool.server.responses import json_document, kept, respond


def list_workflows(request: Request) -> Response:
    """GET /workflows: a page of summaries, and `Link` to its neighbours (RFC 8288)."""
    query, shown = list_query(request), view(request)
    if query.q:  # whose index may be older or newer than the commit
        return respond(request, _list(request, shown, query))
    return kept(request, shown, lambda: _list(request, shown, query))


def _list(request: Request, shown: RegistryView, query: ListQuery) -> RenderedDocument:
    shared = context(request)
    output = shared.output.folder if shared.output.is_there else None
    ranked = shared.search.ranked(shown, query.q, output) if query.q else None
    page = listed(shown.summaries, query, ranked)
    neighbours = _neighbours(request, query, page)
    pagination: Object = {
        "page": query.page,
        "pages": page.pages,
        "per_page": query.per_page,
        "total": page.total,
        "next": neighbours.get("next"),
        "previous": neighbours.get("prev"),
    }
    value: Object = {"workflows": list[Value](page.workflows), "pagination": pagination}
    links = ", ".join(f'<{path}>; rel="{kind}"' for kind, path in neighbours.items())
    return json_document(value, {"Link": links} if links else {})


def _neighbours(request: Request, query: ListQuery, page: ListPage) -> dict[str, str]:
    """Addresses, relative to the API's root, of the pages around one that exist."""
    numbers = {"first": 1, "prev": query.page - 1, "next": query.page + 1, "last": page.pages}
    rest = [(k, v) for k, v in request.query_params.multi_items() if k != "page"]
    return {
        kind: f"workflows?{urlencode([*rest, ('page', str(number))])}"
        for kind, number in numbers.items()
        if 1 <= number <= page.pages
    }


def get_workflow(request: Request) -> Response:
    """GET /workflows/{name}: its latest version, or the one that `version` (a number or a range) means."""
    wanted = query_of(request, ("version",)).get("version", [""])[0]
    shown, name = view(request), request.path_params["name"]
    return kept(request, shown, lambda: json_document(shown.resource(name, wanted)))


def get_versions(request: Request) -> Response:
    """GET /workflows/{name}/versions."""
    query_of(request, ())
    shown, name = view(request), request.path_params["name"]
    return kept(request, shown, lambda: json_document(shown.versions(name)))


ROUTES = (
    Route("/workflows", list_workflows, methods=["GET"]),
    Route("/workflows/{name:line}", get_workflow, methods=["GET"]),
    Route("/workflows/{name:line}/versions", get_versions, methods=["GET"]),
)
