"""The API's description: sound, whole, and the same for a site and for a live registry."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from registry_tool.api.openapi import static
from registry_tool.api.openapi.document import BELOW_ROOT, openapi
from registry_tool.api.openapi.parts import LIVE

DOCUMENT: Any = openapi("https://example.com/registry/")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in DOCUMENT["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for below in value.values() for found in references(below)]
    return (
        [found for item in value for found in references(item)] if isinstance(value, list) else []
    )


def test_it_is_openapi() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []
    assert json.loads(json.dumps(DOCUMENT))["openapi"] == "3.1.0"


def test_every_reference_leads_to_a_schema_and_every_schema_is_used_and_sound() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    used = {reference.removeprefix("#/components/schemas/") for reference in references(DOCUMENT)}
    assert used == set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_a_path_names_the_parameters_that_it_holds() -> None:
    for path, _, operation in operations():
        inside = [one for one in operation["parameters"] if one["in"] == "path"]
        assert [one["name"] for one in inside] == re.findall(r"\{(\w+)\}", path)
        assert all(one["required"] for one in inside)
        assert operation["summary"]


def test_a_file_of_a_site_is_read_and_all_else_is_reported_to_be_a_live_registrys() -> None:
    for path, method, operation in operations():
        if path in static.PATHS:
            assert (method, "tags" in operation) == ("get", False)
        else:
            assert operation["tags"] == [LIVE], (method, path)


@pytest.mark.parametrize(
    ("url", "server", "root"),
    [
        ("", ".", "../.."),
        ("https://x", "https://x/api/v1", "https://x"),
        ("https://x/y/", "https://x/y/api/v1", "https://x/y"),
    ],
)
def test_the_server_is_where_the_registry_is(url: str, server: str, root: str) -> None:
    found: Any = openapi(url)
    assert found["servers"] == [{"url": server}]
    for path in BELOW_ROOT:
        for operation in found["paths"][path].values():
            assert operation["servers"] == [{"url": root}]


def test_every_change_takes_a_token_and_says_what_is_refused() -> None:
    for path, method, operation in operations():
        if method != "get" and not path.startswith(("/auth/", "/mcp")):
            assert operation["security"] == [{"bearerAuth": []}]
            assert {"400", "401", "403"} <= set(operation["responses"])


def test_operations_have_names_of_their_own_and_links_lead_to_one() -> None:
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)
    links = [
        link
        for _, _, operation in operations()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    parameters = {
        operation["operationId"]: {one["name"] for one in operation["parameters"]}
        for _, _, operation in operations()
    }
    for link in links:
        assert set(link["parameters"]) <= parameters[link["operationId"]]
    assert len(links) > 1
