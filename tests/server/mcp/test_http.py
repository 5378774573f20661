"""`/mcp` of a live registry, for the official client and for those who are none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import anyio
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent
from starlette.testclient import TestClient

from registry_tool.security.tokens.principal import RUN
from registry_tool.server.mcp import http
from registry_tool.server.rate_limits import Rate
from tests.conftest import RegistryFolder
from tests.server.addresses import at_address
from tests.server.signing_in import Served, served

T = TypeVar("T")
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
PING = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """One registry for all questions."""
    root = tmp_path_factory.mktemp("mcp") / "registry"
    found = served(RegistryFolder(root, git=True))
    found.registry.add("other", "0.1.0")
    found.registry.commit("Publish")
    return found


@pytest.fixture(scope="module")
def address(shown: Served) -> Iterator[str]:
    """Where it is."""
    with at_address(shown.context) as found:
        yield f"{found}/mcp"


def asked(address: str, headers: dict[str, str], question: Callable[[Client], Awaitable[T]]) -> T:
    """What a client with these headers hears."""

    async def ask() -> T | MCPError:
        import httpx2

        async with (
            httpx2.AsyncClient(headers=headers) as own,
            Client(streamable_http_client(address, http_client=own)) as client,
        ):
            try:
                return await question(client)
            except MCPError as error:  # beyond the client it would come in a group
                return error

    found = anyio.run(ask)
    if isinstance(found, MCPError):
        raise found
    return found


def test_everybody_sees_tools_and_what_can_be_read(address: str, shown: Served) -> None:
    async def look(client: Client) -> tuple[list[Any], list[str], str]:
        tools = (await client.list_tools()).tools
        assert [one.name for one in (await client.list_prompts()).prompts] == ["hello", "other"]
        assert (await client.get_prompt("hello", {"who": "Ada"})).messages
        resources = [one.uri for one in (await client.list_resources()).resources]
        (content,) = (await client.read_resource("workflow://hello/docs/README.md")).contents
        return tools, resources, content.model_dump()["text"]

    tools, resources, text = asked(address, {}, look)
    assert [tool.name for tool in tools] == ["hello", "other"]
    assert tools[0].meta["puppyai.com/digest"].startswith("sha256:")
    assert "workflow://other/manifest.yaml" in resources
    assert text.startswith("# hello")


def test_a_call_runs_for_who_asks_and_tells_how_far_it_is(address: str, shown: Served) -> None:
    messages: list[float] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        messages.append(progress)

    found = asked(
        address,
        shown.headers("eve", RUN),
        lambda client: client.call_tool("hello", {"who": "Ada"}, progress_callback=progress),
    )
    assert found.structured_content == {"greeting": "Hello, Ada!"}
    assert messages == [1.0]


def test_a_tool_tells_how_long_recorded_runs_took(address: str, shown: Served) -> None:
    asked(
        address,
        shown.headers("eve", RUN),
        lambda client: client.call_tool("other", {"who": "Ada"}),
    )
    shown.context.latency.refresh()
    tools = asked(address, {}, lambda client: client.list_tools()).tools
    facts = {tool.name: tool.meta["puppyai.com/tool"]["latency"] for tool in tools}
    assert facts["other"]["runs"] == 1
    assert 0 <= facts["other"]["p50"] == facts["other"]["p95"]


@pytest.mark.parametrize(
    ("who", "name", "arguments", "said"),
    [
        ("", "hello", {"who": "Ada"}, "signed in"),
        ("rob", "hello", {"who": "Ada"}, "role reader"),
        ("eve", "hello", {"whom": "Ada"}, "did you mean 'who'?"),
    ],
)
def test_what_can_be_mended_is_reported_to_the_model(
    address: str, shown: Served, who: str, name: str, arguments: dict[str, str], said: str
) -> None:
    headers = shown.headers(who, RUN) if who else {}
    found = asked(address, headers, lambda client: client.call_tool(name, arguments))
    assert found.is_error
    assert isinstance(found.content[0], TextContent)
    assert said in found.content[0].text


@pytest.mark.parametrize(
    "question",
    [
        lambda client: client.call_tool("helo", {}),
        lambda client: client.read_resource("workflow://helo/docs/README.md"),
        lambda client: client.read_resource("workflow://hello/owners.yaml"),
        lambda client: client.read_resource("file:///etc/passwd"),
        lambda client: client.list_tools(cursor="../.."),
        lambda client: client.get_prompt("helo", {}),
        lambda client: client.get_prompt("hello", {}),
    ],
)
def test_what_is_not_there_is_refused(
    address: str, shown: Served, question: Callable[[Client], Awaitable[object]]
) -> None:
    with pytest.raises(MCPError):
        asked(address, shown.headers("eve", RUN), question)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "127.0.0.1", "Origin": "http://127.0.0.1"}, 200),
        ({"Host": "[::1]:80"}, 200),
        ({"Host": "registry.example.com"}, 200),
        ({"Origin": "https://registry.example.com"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "evil.example", "Origin": "http://evil.example"}, 421),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1:9000"}, 403),
    ],
)
def test_a_page_of_another_site_gets_nothing(
    registry: RegistryFolder, headers: dict[str, str], status: int
) -> None:
    shown = served(registry, public_url="https://registry.example.com")
    with shown.client:
        shown.client.base_url = "http://127.0.0.1"  # type: ignore[assignment]
        found = shown.client.post("/mcp", json=INITIALIZE, headers={**ACCEPT, **headers})
        assert found.status_code == status, found.text


def test_there_is_an_end_to_sessions_and_strangers_take_none_of_members(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "MOST_SESSIONS", 2)
    shown = served(registry)
    known = {**ACCEPT, **shown.headers("eve", RUN)}
    with TestClient(shown.client.app, base_url="http://localhost") as client:
        for headers in (ACCEPT, known):
            found = [client.post("/mcp", json=INITIALIZE, headers=headers) for _ in range(3)]
            assert [one.status_code for one in found] == [200, 200, 503]


def test_nobody_begins_sessions_for_all(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "SESSIONS", Rate(1, 0.001))
    shown = served(registry)
    with TestClient(shown.client.app, base_url="http://localhost") as client:
        for headers in ({}, shown.headers("eve", RUN), shown.headers("ada", RUN)):
            asks = {**ACCEPT, **headers}
            begun = client.post("/mcp", json=INITIALIZE, headers=asks)
            assert begun.status_code == 200
            more = {**asks, "mcp-session-id": begun.headers["mcp-session-id"]}
            assert client.post("/mcp", json=PING, headers=more).status_code == 200
            assert client.post("/mcp", json=INITIALIZE, headers=asks).status_code == 429


def test_a_session_is_for_who_began_it(registry: RegistryFolder) -> None:
    shown = served(registry)
    eve, ada = ({**ACCEPT, **shown.headers(name, RUN)} for name in ("eve", "ada"))
    with TestClient(shown.client.app, base_url="http://localhost") as client:
        begun = client.post("/mcp", json=INITIALIZE, headers=eve)
        session = {"mcp-session-id": begun.headers["mcp-session-id"]}
        for other in (ada, ACCEPT):
            assert client.delete("/mcp", headers={**other, **session}).status_code == 404
        again = {**ACCEPT, **shown.headers("eve", RUN), **session}
        assert client.post("/mcp", json=PING, headers=again).status_code == 200


def test_a_message_of_very_many_values_is_refused_before_it_is_read(
    registry: RegistryFolder,
) -> None:
    many = b'{"jsonrpc": "2.0", "params": [' + b"[]," * 200_001 + b"[]]}"
    headers = {**ACCEPT, "Content-Type": "application/json", "Host": "localhost"}
    with served(registry).client as client:  # its end is its server's
        refused = client.post("/mcp", content=many, headers=headers)
    assert refused.status_code == 422
    assert "values" in refused.json()["detail"]
