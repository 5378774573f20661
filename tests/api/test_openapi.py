"""The API's description: every reference leads somewhere, every schema is one, and every path is served."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registry_tool.api.openapi import openapi

DOCUMENT: Any = openapi("https://example.com/registry/")


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for below in value.values() for found in references(below)]
    return (
        [found for item in value for found in references(item)] if isinstance(value, list) else []
    )


def test_every_reference_leads_to_a_schema_and_every_schema_is_used_and_sound() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert {ref.removeprefix("#/components/schemas/") for ref in references(DOCUMENT)} == set(
        schemas
    )
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_a_path_names_the_parameters_that_it_holds(path: str) -> None:
    get = DOCUMENT["paths"][path]["get"]
    assert [one["name"] for one in get["parameters"]] == re.findall(r"\{(\w+)\}", path)
    assert all(one["required"] and one["in"] == "path" for one in get["parameters"])
    assert get["summary"]


@pytest.mark.parametrize(
    ("url", "server"),
    [("", "."), ("https://x", "https://x/api/v1"), ("https://x/y/", "https://x/y/api/v1")],
)
def test_the_server_is_where_the_registry_is(url: str, server: str) -> None:
    assert openapi(url)["servers"] == [{"url": server}]
    assert json.loads(json.dumps(openapi(url)))["openapi"] == "3.1.0"
