"""The API reference, from the OpenAPI document alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.site.contexts import Context, Words
from registry_tool.site.pages.rendering import Files, Page, render
from registry_tool.site.site import Site


def reference_files(openapi: Object, site: Site) -> Files:
    """`api/index.html`: every operation and schema of the document."""
    operations = list(_operations(openapi))
    schemas = list(_schemas(openapi))

    def worded(words: Words) -> Context:
        return {
            "title": words["api_reference"],
            "operations": operations,
            "schemas": schemas,
            "address": site.address,
        }

    yield from render(Page("api/index.html", "reference", worded), site)


def _operations(openapi: Object) -> Iterator[Context]:
    for path, item in cast(dict[str, Object], openapi["paths"]).items():
        for method, operation in item.items():
            if method in {"get", "post", "put", "delete"} and isinstance(operation, dict):
                yield {
                    "id": re.sub(r"\W+", "-", f"{method}{path}").strip("-"),
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "parameters": [
                        (item["name"], _kind(item.get("schema")), item.get("description", ""))
                        for item in cast(list[Object], operation.get("parameters") or [])
                    ],
                    "responses": [
                        (code, response.get("description", ""))
                        for code, response in sorted(
                            cast(dict[str, Object], operation.get("responses") or {}).items()
                        )
                    ],
                }


def _schemas(openapi: Object) -> Iterator[Context]:
    components = cast(dict[str, dict[str, Object]], openapi.get("components") or {})
    for name, schema in components.get("schemas", {}).items():
        fields = cast(dict[str, Value], schema.get("properties") or {})
        yield {"name": name, "fields": [(field, _kind(below)) for field, below in fields.items()]}


def _kind(schema: Value) -> str:
    if not isinstance(schema, dict):
        return "any"
    if isinstance(reference := schema.get("$ref"), str):
        return reference.rpartition("/")[2]
    if isinstance(values := schema.get("enum"), list):
        return " | ".join(map(str, values))
    if isinstance(kinds := schema.get("anyOf") or schema.get("oneOf"), list):
        return " | ".join(map(_kind, kinds))
    kind = schema.get("type", "any")
    if kind == "array":
        return f"{_kind(schema.get('items'))}[]"
    return " | ".join(map(str, kind)) if isinstance(kind, list) else str(kind)
