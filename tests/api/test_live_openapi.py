"""The live description: sound, whole, and more than the static one by its operations alone."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator

from registry_tool.api.live_openapi import live_openapi
from registry_tool.api.openapi import openapi
from tests.api.test_openapi import references

DOCUMENT: Any = live_openapi("https://example.com/registry/")


def test_every_reference_leads_to_a_schema_and_every_schema_is_used_and_sound() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    used = {reference.removeprefix("#/components/schemas/") for reference in references(DOCUMENT)}
    assert used == set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)


def test_a_path_names_the_parameters_that_it_holds() -> None:
    for path, item in DOCUMENT["paths"].items():
        for operation in item.values():
            inside = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
            assert inside == re.findall(r"\{(\w+)\}", path)


def test_a_static_registry_promises_nothing_of_it() -> None:
    static: Any = openapi("")
    assert set(DOCUMENT["paths"]) - set(static["paths"]) == {
        "/workflows",
        "/workflows/{name}",
        "/workflows/{name}/versions",
        "/workflows/{name}/execute",
        "/runs/{id}",
        "/runs/{id}/events",
        "/workflows/{name}/deploy",
        "/workflows/{name}/deployments/{id}",
        "/auth/token",
        "/auth/revoke",
        "/auth/providers",
        "/auth/whoami",
    }
    assert all(set(item) == {"get"} for item in static["paths"].values())


def test_only_what_a_server_answers_is_described() -> None:
    found: Any = live_openapi("", lambda path, method: (path, method) == ("/workflows", "get"))
    static: Any = openapi("")
    assert set(found["paths"]) - set(static["paths"]) == {"/workflows"}
    assert set(found["paths"]["/workflows"]) == {"get"}
