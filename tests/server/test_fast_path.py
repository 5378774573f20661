"""What was rendered before is answered as it was the first time, and never to somebody who may not see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.server import fast_path
from registry_tool.server.app import create_app
from registry_tool.server.context import Context
from registry_tool.server.static_output import StaticOutput
from tests.conftest import RegistryFolder
from tests.server.signing_in import served
from tests.server.test_authentication_gate import PRIVATE

ADDRESSES = (
    "/api/v1/workflows?per_page=1",
    "/api/v1/workflows/hello",
    "/api/v1/workflows/hello?version=^1",
    "/api/v1/workflows/hello/versions",
    "/api/v1/workflows.json",
    "/api/v1/index.json",
    "/api/v1/sparse/he/hello",
    "/api/v1/packages/hello/hello-1.0.0.wfpkg",
    "/v1/models",
)


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many answers took the fast path."""
    found: list[int] = []
    respond = fast_path.respond
    monkeypatch.setattr(
        fast_path, "respond", lambda *words, **more: (found.append(1), respond(*words, **more))[1]
    )
    yield found


def client(registry: RegistryFolder) -> TestClient:
    """Of a registry that is looked at once."""
    live = LiveRegistry(registry.root, ticks=lambda: 0.0)
    return TestClient(create_app(Context(live, StaticOutput(None))))


def test_the_second_answer_is_the_first_one(registry: RegistryFolder, answered: list[int]) -> None:
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    asked = client(registry)
    for address in ADDRESSES:
        first, second = asked.get(address), asked.get(address)
        assert first.status_code == 200
        assert second.content == first.content
        told = [
            {k: v for k, v in one.headers.items() if k != "x-request-id"} for one in (first, second)
        ]
        assert told[0] == told[1]
        fresh = asked.get(address, headers={"If-None-Match": second.headers["etag"]})
        assert (fresh.status_code, fresh.content) == (304, b"")
        assert asked.head(address).headers["etag"] == second.headers["etag"]
    assert len(answered) == 3 * len(ADDRESSES)
    counted = asked.get("/metrics").text
    assert 'route="/api/v1/workflows/{name}"' in counted.replace("{name:line}", "{name}")


def test_who_comes_with_a_token_and_what_is_searched_for_go_the_usual_way(
    registry: RegistryFolder, answered: list[int]
) -> None:
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    asked = client(registry)
    for _ in range(2):
        wrong = asked.get("/api/v1/workflows/hello", headers={"Authorization": "Bearer none"})
        assert wrong.status_code == 401
        assert asked.get("/api/v1/workflows?q=hello").status_code == 200
        assert asked.get("/api/v1/workflows/nope").status_code == 404
    assert answered == []


def test_a_private_registry_has_no_fast_path(registry: RegistryFolder, answered: list[int]) -> None:
    live = served(registry, PRIVATE)
    frozen = LiveRegistry(registry.root, ticks=lambda: 0.0)
    asked = TestClient(create_app(Context(frozen, StaticOutput(None), clock=live.clock)))
    address = "/api/v1/workflows/hello"
    for _ in range(2):
        assert asked.get(address, headers=live.headers("rob")).status_code == 200
        assert asked.get(address).status_code == 401
    assert answered == []
