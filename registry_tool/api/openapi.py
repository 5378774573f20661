"""The OpenAPI description of the API: the static documents and the live `/workflows` resources."""

from __future__ import annotations

from registry_tool import __version__
from registry_tool.core.values import Object, Value

_STRING: Object = {"type": "string"}


def _list_of(name: str) -> Object:
    return {"type": "array", "items": _ref(name)}


def _ref(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def _nullable(kind: str) -> Object:
    return {"type": [kind, "null"]}


def _nullable_object(properties: Object) -> Object:
    return {"anyOf": [{"type": "null"}, _object(properties, list[Value](properties))]}


def _object(properties: Object, required: list[Value]) -> Object:
    return {"type": "object", "properties": properties, "required": required}


_SCHEMAS: Object = {
    "WorkflowSummary": _object(
        {
            "name": _STRING,
            "version": _STRING,
            "author": _STRING,
            "description": _STRING,
            "category": _STRING,
            "tags": {"type": "array", "items": _STRING},
            "downloads": {"type": "integer"},
            "rating": _nullable("number"),
            "updated": _STRING,
        },
        ["name", "version"],
    ),
    "Pagination": _object(
        {
            "page": {"type": "integer"},
            "pages": {"type": "integer"},
            "per_page": {"type": "integer"},
            "total": {"type": "integer"},
            "next": _nullable("string"),
            "previous": _nullable("string"),
        },
        ["page", "per_page", "next", "previous"],
    ),
    "WorkflowList": _object(
        {"workflows": _list_of("WorkflowSummary"), "pagination": _ref("Pagination")},
        ["workflows", "pagination"],
    ),
    "VersionInfo": _object(
        {
            "version": _STRING,
            "digest": _STRING,
            "released": _STRING,
            "yanked": _nullable("string"),
            "certified": _nullable_object({"by": _STRING, "at": _STRING}),
            "notice": {
                "anyOf": [
                    {"type": "null"},
                    _object(
                        {
                            "level": {"enum": ["notice", "warn", "block"]},
                            "reason": _STRING,
                            "replacement": _nullable("string"),
                        },
                        ["level", "reason"],
                    ),
                ]
            },
            "bump": _nullable("string"),
            "required_bump": _nullable("string"),
            "size": {"type": "integer"},
            "package": _STRING,
        },
        ["version", "digest", "package"],
    ),
    "Score": _object(
        {
            "total": {"type": "integer"},
            "of": {"type": "integer"},
            "reasons": {
                "type": "array",
                "items": _object(
                    {
                        "id": _STRING,
                        "points": {"type": "integer"},
                        "of": {"type": "integer"},
                        "given": _nullable("string"),
                        "how": _nullable("string"),
                    },
                    ["id", "points", "of"],
                ),
            },
        },
        ["total", "of", "reasons"],
    ),
    "WorkflowStatus": _object(
        {
            "digest": _STRING,
            "latest": {"type": "boolean"},
            "certified": _nullable_object({"by": _STRING, "at": _STRING}),
            "yanked": _nullable("string"),
            "notice": {
                "anyOf": [
                    {"type": "null"},
                    _object(
                        {
                            "level": {"enum": ["notice", "warn", "block"]},
                            "reason": _STRING,
                            "replacement": _nullable("string"),
                        },
                        ["level", "reason"],
                    ),
                ]
            },
            "deprecated": _nullable("string"),
            "replacement": _nullable("string"),
            "released": _STRING,
            "score": _ref("Score"),
            "size": {"type": "integer"},
            "package": _STRING,
            "files": {"type": "array", "items": _STRING},
        },
        ["digest", "package"],
    ),
    "WorkflowResource": _object(
        {
            "apiVersion": _STRING,
            "kind": _STRING,
            "metadata": {"type": "object"},
            "spec": {"type": "object"},
            "security": {"type": "object"},
            "status": _ref("WorkflowStatus"),
        },
        ["metadata", "spec", "status"],
    ),
}


def _get(summary: str, schema: Object, *names: str) -> Object:
    parameters: list[Value] = [
        {"name": name, "in": "path", "required": True, "schema": _STRING} for name in names
    ]
    ok: Object = {"description": "OK", "content": {"application/json": {"schema": schema}}}
    return {"get": {"summary": summary, "parameters": parameters, "responses": {"200": ok}}}


def openapi(url: str) -> Object:
    """The document for a registry served at `url` (empty: relative)."""
    base = url.rstrip("/")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Workflow Registry API", "version": __version__},
        "servers": [{"url": f"{base}/api/v1" if base else "."}],
        "paths": {
            "/workflows.json": _get("The 100 latest updates", _ref("WorkflowList")),
            "/workflows/page/{page}.json": _get(
                "All workflows in order of first publication, 100 a page",
                _ref("WorkflowList"),
                "page",
            ),
            "/workflows/{name}.json": _get("The latest version", _ref("WorkflowResource"), "name"),
            "/workflows/{name}/versions.json": _get("Versions", _list_of("VersionInfo"), "name"),
            "/workflows/{name}/{version}.json": _get(
                "One version", _ref("WorkflowResource"), "name", "version"
            ),
            "/dependents/{name}.json": _get(
                "Workflows whose latest version requires it",
                _object({"dependents": _list_of("WorkflowSummary")}, ["dependents"]),
                "name",
            ),
            "/categories/{key}.json": _get("By category", _list_of("WorkflowSummary"), "key"),
            "/authors/{key}.json": _get("By author", _list_of("WorkflowSummary"), "key"),
            "/tags/{key}.json": _get("By tag", _list_of("WorkflowSummary"), "key"),
        },
        "components": {"schemas": _SCHEMAS},
    }
