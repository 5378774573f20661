"""Workflows as the servers of an MCP registry (its generic API, v0.1): a client starts `puppy-cli mcp` for each.

A static host knows no media type of a path without an ending and answers a folder by its `index.html`, so lists
stand in such files, and nothing in them can be read as HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, cast
from urllib.parse import urlsplit

from registry_tool import __version__
from registry_tool.api.layout import MCP_SERVERS
from registry_tool.catalogue.model import PublishedVersion
from registry_tool.catalogue.summaries import Summary
from registry_tool.catalogue.tool_facts import tool_facts
from registry_tool.core.large_json import pretty
from registry_tool.core.values import Object, Value
from registry_tool.manifest.owners import Owners

SERVERS: Final = f"{MCP_SERVERS}/index.html"
FACTS: Final = "puppyai.com/tool"
"""The member of `_meta` with what `tool_facts` tells."""
_OFFICIAL: Final = "io.modelcontextprotocol.registry/official"
_SCHEMA: Final = "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"
_PACKAGE: Final = "puppyai-workflow-registry"
_LONGEST: Final = 100
_LONGEST_STATUS: Final = 500
_MARKUP: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def namespace(address: str) -> str:
    """The registry's host, turned around: `com.example.workflows` for https://workflows.example.com/x."""
    host = urlsplit(address).hostname or "local"
    turned = ".".join(reversed(host.strip(".").split(".")))
    return re.sub(r"[^A-Za-z0-9.-]", "-", turned)


def server_name(address: str, name: str) -> str:
    """What the registry calls a workflow's server."""
    return f"{namespace(address)}/{name}"


def versions_path(address: str, name: str) -> str:
    """Where the list of a server's versions is."""
    return f"{MCP_SERVERS}/{server_name(address, name)}/versions/index.html"


def version_path(address: str, name: str, number: str) -> str:
    """Where one version of a server is."""
    return f"{MCP_SERVERS}/{server_name(address, name)}/versions/{number}"


def server_list(entries: Sequence[Object]) -> Object:
    """A ServerList: all there is to come, since a static host would answer every cursor alike."""
    return {"servers": list[Value](entries), "metadata": {"count": len(entries)}}


def version_entry(
    owners: Owners, version: PublishedVersion, address: str, *, is_latest: bool | None = None
) -> Object:
    """A ServerResponse of a version; only documents that change with each version say whether it is latest."""
    about = version.workflow.metadata
    deprecated = owners.deprecated.reason if owners.deprecated else ""
    against = version.notice.reason if version.notice else ""
    status = _status(version.yanked or "", deprecated or against)
    official = {**status, **_moment(version.released)}
    if is_latest is not None:
        official["isLatest"] = is_latest
    server = _server(version.name, version.number, about.description, address)
    facts = tool_facts(version.workflow, version.digest, version.cassettes)
    return {"server": server, "_meta": {_OFFICIAL: official, FACTS: facts}}


def latest_entry(summary: Summary, address: str) -> Object:
    """A ServerResponse of a workflow's latest version, of its summary alone."""
    text = {key: cast(str, summary[key]) for key in ("name", "version", "description", "updated")}
    status = _status("", cast(str, summary["deprecated"]))
    official: Object = {**status, **_moment(text["updated"]), "isLatest": True}
    agent = cast(Object, summary["agent"])
    facts = {key: value for key, value in agent.items() if key != "skill"}
    sent = [
        f"the {kind} {name}"
        for kind in ("host", "model", "service")
        for name in cast(list[str], summary[f"{kind}s"])
    ]
    server = _server(text["name"], text["version"], text["description"], address)
    return {
        "server": server,
        "_meta": {_OFFICIAL: official, FACTS: {**facts, "egress": list[Value](sorted(sent))}},
    }


def _status(yanked: str, deprecated: str) -> Object:
    if yanked:
        return {"status": "deleted", "statusMessage": yanked[:_LONGEST_STATUS]}
    if deprecated:
        return {"status": "deprecated", "statusMessage": deprecated[:_LONGEST_STATUS]}
    return {"status": "active"}


def _moment(released: str) -> Object:
    return {"publishedAt": released, "updatedAt": released} if "T" in released else {}


def _server(name: str, number: str, description: str, address: str) -> Object:
    """A ServerDetail: the Python package whose program serves the one version."""
    words: list[Value] = [
        {"type": "positional", "value": word}
        for word in ("mcp", f"{name}:{number}", "--registry", address)
    ]
    return {
        "$schema": _SCHEMA,
        "name": server_name(address, name),
        "title": name,
        "description": shortened(description or f"Runs the workflow {name}.", _LONGEST),
        "version": number,
        "websiteUrl": f"{address}/workflows/{name}/",
        "packages": [
            {
                "registryType": "pypi",
                "identifier": _PACKAGE,
                "version": __version__,
                "runtimeHint": "uvx",
                "runtimeArguments": [
                    {"type": "named", "name": "--with", "value": f"{_PACKAGE}[mcp]"}
                ],
                "packageArguments": words,
                "transport": {"type": "stdio"},
            }
        ],
    }


def shortened(text: str, longest: int) -> str:
    """A text on one line, of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def encoded(value: Object) -> bytes:
    """JSON in which nothing is markup: a browser that takes it for HTML shows a text."""
    return pretty(value).decode().translate(_MARKUP).encode()
