"""What a live registry answers to who reads: lists, workflows, versions; for its OpenAPI description."""

from __future__ import annotations

from registry_tool.core.values import Object, Value

_STRING: Object = {"type": "string", "minLength": 1, "maxLength": 200}
NAME: Object = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 64}
_ETAG: Object = {"ETag": {"schema": {"type": "string"}}}


def _query(name: str, schema: Object, about: str) -> Object:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": about}


def path_parameter(name: str, schema: Object) -> Object:
    """A parameter in an address."""
    return {"name": name, "in": "path", "required": True, "schema": schema}


def problems(*statuses: tuple[int, str]) -> Object:
    """Responses that are problems (RFC 9457), by status."""
    content: Object = {
        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
    }
    return {str(status): {"description": about, "content": content} for status, about in statuses}


def _ok(schema: Object, headers: Object | None = None) -> Object:
    return {
        "description": "OK",
        "headers": {**_ETAG, **(headers or {})},
        "content": {"application/json": {"schema": schema}},
    }


_UNCHANGED: Object = {"304": {"description": "`If-None-Match` names what there is"}}
_BAD: tuple[int, str] = (400, "A parameter is wrong; `parameter` names it")
_MISSING: tuple[int, str] = (404, "There is no such workflow or version")


def _operation(summary: str, parameters: list[Value], responses: Object) -> Object:
    return {
        "summary": summary,
        "tags": ["live"],
        "parameters": parameters,
        "responses": responses,
    }


def _ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


_LIST = _operation(
    "Workflows, a page at a time",
    [
        _query("category", _STRING, "Only of this category"),
        _query("author", _STRING, "Only by this author"),
        _query("tag", {"type": "array", "items": _STRING}, "Only with all of these; repeatable"),
        _query("q", _STRING, "Only with all of these words"),
        _query("sort", {"enum": ["name", "updated", "downloads", "rating"]}, "The order"),
        _query("page", {"type": "integer", "minimum": 1, "maximum": 1_000_000}, "From 1"),
        _query("per_page", {"type": "integer", "minimum": 1, "maximum": 100}, "Default: 20"),
    ],
    {
        "200": _ok(
            _ref("WorkflowList"),
            {"Link": {"schema": {"type": "string"}, "description": "Neighbours (RFC 8288)"}},
        ),
        **_UNCHANGED,
        **problems(_BAD),
    },
)
_GET = _operation(
    "The latest version, or the one that a number or a range means",
    [
        path_parameter("name", NAME),
        _query("version", _STRING, "A version such as 1.2.0, or a range such as ^1.2"),
    ],
    {"200": _ok(_ref("WorkflowResource")), **_UNCHANGED, **problems(_BAD, _MISSING)},
)
_VERSIONS = _operation(
    "All versions, newest first",
    [path_parameter("name", NAME)],
    {
        "200": _ok({"type": "array", "items": _ref("VersionInfo")}),
        **_UNCHANGED,
        **problems(_BAD, _MISSING),
    },
)

PATHS: Object = {
    "/workflows": {"get": _LIST},
    "/workflows/{name}": {"get": _GET},
    "/workflows/{name}/versions": {"get": _VERSIONS},
}
