"""The documents of every registry: a site has them as files."""

from __future__ import annotations

from typing import Final, cast

from registry_tool.api.openapi.parts import STRING, answer, path_parameter, ref
from registry_tool.core.values import Object, Value


def _list_of(name: str) -> Object:
    return {"type": "array", "items": ref(name)}


def _nullable(kind: str) -> Object:
    return {"type": [kind, "null"]}


def _nullable_object(properties: Object) -> Object:
    return {"anyOf": [{"type": "null"}, _object(properties, list[Value](properties))]}


def _object(properties: Object, required: list[Value]) -> Object:
    return {"type": "object", "properties": properties, "required": required}


_NOTICE: Final[Object] = {
    "anyOf": [
        {"type": "null"},
        _object(
            {
                "level": {"enum": ["notice", "warn", "block"]},
                "reason": STRING,
                "replacement": _nullable("string"),
            },
            ["level", "reason"],
        ),
    ]
}
SCHEMAS: Final[Object] = {
    "WorkflowSummary": _object(
        {
            "name": STRING,
            "version": STRING,
            "author": STRING,
            "description": STRING,
            "category": STRING,
            "tags": {"type": "array", "items": STRING},
            "downloads": {"type": "integer"},
            "rating": _nullable("number"),
            "updated": STRING,
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
        {"workflows": _list_of("WorkflowSummary"), "pagination": ref("Pagination")},
        ["workflows", "pagination"],
    ),
    "VersionInfo": _object(
        {
            "version": STRING,
            "digest": STRING,
            "released": STRING,
            "yanked": _nullable("string"),
            "certified": _nullable_object({"by": STRING, "at": STRING}),
            "notice": _NOTICE,
            "bump": _nullable("string"),
            "required_bump": _nullable("string"),
            "size": {"type": "integer"},
            "package": STRING,
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
                        "id": STRING,
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
            "digest": STRING,
            "latest": {"type": "boolean"},
            "certified": _nullable_object({"by": STRING, "at": STRING}),
            "yanked": _nullable("string"),
            "notice": _NOTICE,
            "deprecated": _nullable("string"),
            "replacement": _nullable("string"),
            "released": STRING,
            "score": ref("Score"),
            "size": {"type": "integer"},
            "package": STRING,
            "sbom": STRING,
            "files": {"type": "array", "items": STRING},
        },
        ["digest", "package"],
    ),
    "WorkflowResource": _object(
        {
            "apiVersion": STRING,
            "kind": STRING,
            "metadata": {"type": "object"},
            "spec": {"type": "object"},
            "security": {"type": "object"},
            "status": ref("WorkflowStatus"),
        },
        ["metadata", "spec", "status"],
    ),
}


_PARAMETERS: Final = {
    "page": "From 1 on; `pagination.next` names the page after this one",
    "name": "A workflow's name",
    "version": "One version, such as 1.2.0",
    "prefix": "The first two letters of the name; `_` stands for one that is not there",
    "file": "`<name>-<version>.wfpkg`",
    "key": "As the site spells it in addresses: other signs than letters, digits, @ - _ . as ~XX, a blank as +",
}


def _get(name: str, summary: str, schema: Object, *names: str) -> Object:
    parameters: list[Value] = [
        {**path_parameter(one, STRING), "description": _PARAMETERS[one]} for one in names
    ]
    responses: Object = {
        "200": answer("OK", schema),
        "404": {"description": "There is none; a live registry says it as a problem (RFC 9457)"},
    }
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "parameters": parameters,
            "responses": responses,
        }
    }


def _file(name: str, summary: str, kind: str, *parameters: str) -> Object:
    operation = cast(Object, _get(name, summary, STRING, *parameters)["get"])
    responses = cast(Object, operation["responses"])
    return {"get": {**operation, "responses": {**responses, "200": answer("OK", STRING, kind)}}}


PATHS: Final[Object] = {
    "/index.json": _get(
        "registryIndex",
        "The registry: its name, counts and commit, and whether it is live",
        _object({"live": {"type": "boolean"}}, []),
    ),
    "/openapi.json": _get("description", "This description", _object({}, [])),
    "/sparse/{prefix}/{name}": _file(
        "sparseIndex",
        "What a resolver needs of each version, a JSON object a line; the prefix is the name's first two letters",
        "text/plain",
        *("prefix", "name"),
    ),
    "/packages/{name}/{file}": _file(
        "downloadPackage",
        "A version's package, `<name>-<version>.wfpkg`",
        "application/zip",
        "name",
        "file",
    ),
    "/workflows.json": _get("latestUpdates", "The 100 latest updates", ref("WorkflowList")),
    "/workflows/page/{page}.json": _get(
        "workflowsPage",
        "All workflows in order of first publication, 100 a page",
        ref("WorkflowList"),
        "page",
    ),
    "/workflows/{name}.json": _get(
        "workflowDocument", "The latest version", ref("WorkflowResource"), "name"
    ),
    "/workflows/{name}/versions.json": _get(
        "versionsDocument", "Versions", _list_of("VersionInfo"), "name"
    ),
    "/workflows/{name}/{version}.json": _get(
        "versionDocument", "One version", ref("WorkflowResource"), "name", "version"
    ),
    "/dependents/{name}.json": _get(
        "dependentsDocument",
        "Workflows whose latest version requires it",
        _object({"dependents": _list_of("WorkflowSummary")}, ["dependents"]),
        "name",
    ),
    "/categories/{key}.json": _get(
        "categoryDocument", "By category", _list_of("WorkflowSummary"), "key"
    ),
    "/authors/{key}.json": _get("authorDocument", "By author", _list_of("WorkflowSummary"), "key"),
    "/tags/{key}.json": _get("tagDocument", "By tag", _list_of("WorkflowSummary"), "key"),
}
