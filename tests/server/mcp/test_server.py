"""The server as the official client sees it, through memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import pytest
from mcp.client.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent

from registry_tool.server.mcp.calls import Caller
from registry_tool.server.mcp.server import mcp_server
from registry_tool.server.mcp.tools import tools_of
from tests.server.mcp.programs import greeter

T = TypeVar("T")


def asked(question: Callable[[Client], Awaitable[T]]) -> T:
    """What a client hears."""

    async def ask() -> T | MCPError:
        server = mcp_server(tools_of([greeter(), greeter("other")]), Caller(provider="replay"))
        async with Client(server) as client:
            try:
                return await question(client)
            except MCPError as error:  # beyond the client it would come in a group
                return error

    found = anyio.run(ask)
    if isinstance(found, MCPError):
        raise found
    return found


def test_tools_are_listed_by_name() -> None:
    found = asked(lambda client: client.list_tools())
    assert [tool.name for tool in found.tools] == ["hello", "other"]


def test_a_call_gives_the_outputs_and_tells_how_far_it_is() -> None:
    messages: list[tuple[float, float | None, str | None]] = []

    async def progress(progress: float, total: float | None, message: str | None) -> None:
        messages.append((progress, total, message))

    found = asked(
        lambda client: client.call_tool("hello", {"who": "Ada"}, progress_callback=progress)
    )
    assert not found.is_error
    assert found.structured_content == {"greeting": "Hello, Ada!"}
    assert isinstance(found.content[0], TextContent)
    assert found.content[0].text == '{"greeting":"Hello, Ada!"}'
    assert messages == [(1.0, 1.0, "greet")]


def test_a_mistake_of_the_model_is_reported_to_it() -> None:
    found = asked(lambda client: client.call_tool("hello", {"whom": "Ada"}))
    assert found.is_error
    assert isinstance(found.content[0], TextContent)
    assert "did you mean 'who'?" in found.content[0].text


def test_an_unknown_tool_is_refused_with_the_nearest() -> None:
    with pytest.raises(MCPError, match="did you mean"):
        asked(lambda client: client.call_tool("helo", {}))


def test_tools_are_prompts_too() -> None:
    assert [one.name for one in asked(lambda client: client.list_prompts()).prompts] == [
        "hello",
        "other",
    ]
    found = asked(lambda client: client.get_prompt("hello", {"who": "Ada"}))
    assert "`hello`" in found.messages[0].model_dump_json()
    for name, said in (("helo", "did you mean"), ("hello", "needs who")):
        with pytest.raises(MCPError, match=said):
            asked(lambda client, name=name: client.get_prompt(name, {}))


def test_files_are_resources() -> None:
    found = asked(lambda client: client.list_resources())
    assert [one.uri for one in found.resources] == [
        f"workflow://{name}/{path}"
        for name in ("hello", "other")
        for path in ("docs/README.md", "manifest.yaml")
    ]
    read = asked(lambda client: client.read_resource("workflow://hello/docs/README.md"))
    assert "Greets." in read.contents[0].model_dump_json()
    with pytest.raises(MCPError, match="no resource"):
        asked(lambda client: client.read_resource("workflow://hello/../secret"))
