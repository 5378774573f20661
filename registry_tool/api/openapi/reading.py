"""What a live registry answers to who reads: lists, workflows, versions."""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import (
    BAD,
    MISSING,
    NAME,
    SHORT,
    STRING,
    UNCHANGED,
    link,
    open_operation,
    path_parameter,
    problems,
    query_parameter,
    ref,
)
from registry_tool.core.values import Object


def _ok(schema: Object, headers: Object | None = None) -> Object:
    return {
        "description": "OK",
        "headers": {"ETag": {"schema": STRING}, **(headers or {})},
        "content": {"application/json": {"schema": schema}},
    }


_LINK: Final[Object] = {
    "Link": {"schema": STRING, "description": "Neighbours (RFC 8288)"},
}
_NAME: Final = "$response.body#/workflows/0/name"
_FIRST: Final[Object] = {
    operation: link(operation, "The first of the list", name=_NAME)
    for operation in ("getWorkflow", "listVersions", "executeWorkflow", "deployWorkflow")
}
_LIST: Final = open_operation(
    "listWorkflows",
    "Workflows, a page at a time",
    [
        query_parameter("category", SHORT, "Only of this category"),
        query_parameter("author", SHORT, "Only by this author"),
        query_parameter(
            "tag", {"type": "array", "items": SHORT}, "Only with all of these; repeatable"
        ),
        query_parameter("q", SHORT, "Only with all of these words"),
        query_parameter("sort", {"enum": ["name", "updated", "downloads", "rating"]}, "The order"),
        query_parameter("page", {"type": "integer", "minimum": 1, "maximum": 1_000_000}, "From 1"),
        query_parameter(
            "per_page", {"type": "integer", "minimum": 1, "maximum": 100}, "Default: 20"
        ),
    ],
    {"200": {**_ok(ref("WorkflowList"), _LINK), "links": _FIRST}, **UNCHANGED, **problems(BAD)},
)
_GET: Final = open_operation(
    "getWorkflow",
    "The latest version, or the one that a number or a range means",
    [
        path_parameter("name", NAME),
        query_parameter("version", SHORT, "A version such as 1.2.0, or a range such as ^1.2"),
    ],
    {"200": _ok(ref("WorkflowResource")), **UNCHANGED, **problems(BAD, MISSING)},
)
_VERSIONS: Final = open_operation(
    "listVersions",
    "All versions, newest first",
    [path_parameter("name", NAME)],
    {
        "200": _ok({"type": "array", "items": ref("VersionInfo")}),
        **UNCHANGED,
        **problems(BAD, MISSING),
    },
)
PATHS: Final[Object] = {
    "/workflows": {"get": _LIST},
    "/workflows/{name}": {"get": _GET},
    "/workflows/{name}/versions": {"get": _VERSIONS},
}
