"""The routes, and the description of what they answer."""

from __future__ import annotations

import re
from http import HTTPStatus

from starlette.routing import Route
from starlette.testclient import TestClient

from registry_tool.api.layout import ROOT
from registry_tool.api.openapi.document import BELOW_ROOT, openapi
from registry_tool.server.app import OPERATIONS
from registry_tool.server.openai import routes as openai


def test_the_description_is_the_one_of_the_site(client: TestClient) -> None:
    assert client.get(f"/{ROOT}/openapi.json").json() == openapi("http://testserver")


def test_what_is_described_is_answered(client: TestClient) -> None:
    document = client.get(f"/{ROOT}/openapi.json").json()
    for path, item in document["paths"].items():
        below = "" if path in BELOW_ROOT else f"/{ROOT}"
        address = f"{below}{path}".replace("{name}", "hello").replace("{version}", "1.0.0")
        for method in item:
            found = client.request(method, address.replace("{model}", "hello"))
            assert found.status_code != HTTPStatus.METHOD_NOT_ALLOWED, (method, path)


def test_what_is_answered_is_described() -> None:
    paths = openapi("")["paths"]
    assert isinstance(paths, dict)
    described = {re.sub(r"\{\w+\}", "{}", path): item for path, item in paths.items()}
    for route in (*OPERATIONS, *openai.OPERATIONS):
        assert isinstance(route, Route)
        item = described[re.sub(r"\{[^}]*\}", "{}", route.path)]
        assert isinstance(item, dict)
        assert {method.lower() for method in route.methods or () if method != "HEAD"} <= set(item)
