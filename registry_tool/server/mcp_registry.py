"""The live registry as an MCP registry (its generic API, v0.1): every workflow, paged by cursors and searched.

A built site has the same documents as files, whose list holds the latest updates alone (docs/adr/0043).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from registry_tool.api.layout import MCP_SERVERS
from registry_tool.api.mcp_registry import namespace, server_list, server_name, version_entry
from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.catalogue.summaries import Summary
from registry_tool.commands.live.rendered import RenderedDocument
from registry_tool.commands.live.view import RegistryView
from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Object
from registry_tool.manifest.dating import at
from registry_tool.server.authorisation import view
from registry_tool.server.context import context, live
from registry_tool.server.parameters import query_of
from registry_tool.server.problems import bad_parameter
from registry_tool.server.responses import json_document, json_response, kept, respond

_PARAMETERS: Final = ("cursor", "limit", "search", "updated_since", "version", "include_deleted")
_MOST: Final = 100
_USUAL: Final = 30
_MOST_READ: Final = 300
"""So many workflows are read for one page; what is filtered out beyond them comes with the next cursor."""
LATEST: Final = "latest"


def list_servers(request: Request) -> Response:
    """GET /v0.1/servers: one version of each workflow by name, the latest where none is asked for."""
    given = _given(request)
    limit, address = _limit(given.get("limit", str(_USUAL))), _address(request)
    shown = view(request)
    return kept(request, shown, lambda: _servers(shown, given, limit, address), address)


def _servers(
    snapshot: RegistryView, given: Mapping[str, str], limit: int, address: str
) -> RenderedDocument:
    fitting = [name for name, one in snapshot.summaries.items() if _fits(one, given, address)]
    names = sorted(name for name in fitting if name > given.get("cursor", ""))
    entries: list[Object] = []
    for count, name in enumerate(names, 1):
        line = snapshot.line(name)
        version = _wanted(line, given.get("version", LATEST))
        if version and (not version.yanked or "include_deleted" in given):
            entries.append(_entry(line, version, address))
        if count < len(names) and (len(entries) == limit or count == _MOST_READ):
            return _listed(entries, name)
    return _listed(entries)


def list_versions(request: Request) -> Response:
    """GET /v0.1/servers/{server}/versions, newest first."""
    deleted = "include_deleted" in _flags(query_of(request, ("include_deleted",)))
    line, address = _line(request), _address(request)
    shown = [one for one in line.versions[::-1] if deleted or not one.yanked]
    return respond(request, _listed([_entry(line, one, address) for one in shown]))


def get_version(request: Request) -> Response:
    """GET /v0.1/servers/{server}/versions/{version}, of which `latest` is one."""
    query_of(request, ("include_deleted",))
    line, number = _line(request), request.path_params["version"]
    version = _wanted(line, number)
    if version is None:
        raise NotFoundError(f"{line.name} has no version {number[:64]}")
    return json_response(request, _entry(line, version, _address(request)))


def _given(request: Request) -> Mapping[str, str]:
    found = _flags(query_of(request, _PARAMETERS))
    if "updated_since" in found:
        try:
            datetime.fromisoformat(found["updated_since"])
        except ValueError:
            raise bad_parameter("updated_since", "is not a date and time (RFC 3339)") from None
    return found


def _flags(query: Mapping[str, list[str]]) -> dict[str, str]:
    """Each parameter's one value; `include_deleted` is there where it is true."""
    found = {key: values[0] for key, values in query.items()}
    if found.get("include_deleted", "true") not in {"true", "false"}:
        raise bad_parameter("include_deleted", "is neither true nor false")
    if found.get("include_deleted") == "false":
        del found["include_deleted"]
    return found


def _limit(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) < 4 and 1 <= int(text) <= _MOST:
        return int(text)
    raise bad_parameter("limit", f"{text!r} is not a number from 1 to {_MOST}")


def _fits(summary: Summary, given: Mapping[str, str], address: str) -> bool:
    name = server_name(address, cast(str, summary["name"]))
    since = given.get("updated_since", "")
    is_new = not since or at(cast(str, summary["updated"])) >= at(since)
    return is_new and given.get("search", "").lower() in name.lower()


def _wanted(line: Line, number: str) -> PublishedVersion | None:
    return line.latest if number == LATEST else line.by_number.get(number)


def _entry(line: Line, version: PublishedVersion, address: str) -> Object:
    is_latest = version.number == line.latest.number
    return version_entry(line.owners, version, address, is_latest=is_latest)


def _line(request: Request) -> Line:
    found = request.path_params
    if found["namespace"] != namespace(_address(request)):
        raise NotFoundError(f"there is no server of {found['namespace'][:64]!r} here")
    return view(request).line(found["name"])


def _address(request: Request) -> str:
    """The registry's address: as it is served, as its settings say, or as it was asked for."""
    configured = context(request).public_url or live(request).snapshot().settings.url
    return (configured or str(request.base_url)).rstrip("/")


def _listed(entries: list[Object], after: str = "") -> RenderedDocument:
    found = server_list(entries)
    if after:
        found["metadata"] = {**cast(Object, found["metadata"]), "nextCursor": after}
    return json_document(found)


ROUTES: Final = (
    Route(f"/{MCP_SERVERS}", list_servers, methods=["GET"]),
    Route(f"/{MCP_SERVERS}/{{namespace}}/{{name}}/versions", list_versions, methods=["GET"]),
    Route(
        f"/{MCP_SERVERS}/{{namespace}}/{{name}}/versions/{{version}}", get_version, methods=["GET"]
    ),
)
