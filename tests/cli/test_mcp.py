"""`puppy-cli mcp` as an agent's host starts it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from tests import forked
from tests.conftest import RegistryFolder

BIN = Path(sys.executable).parent / "puppy-cli"


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.add("hello", "1.1.0")
    made.commit("Publish")
    return made


@pytest.mark.e2e
def test_a_workflow_is_called_over_standard_input_and_output(registry: RegistryFolder) -> None:
    # Here, since every process of the tests collects them all, and one of them runs this.
    from mcp.client.client import Client
    from mcp.client.stdio import StdioServerParameters, stdio_client

    words = ["mcp", "--registry", str(registry.root), "hello:1.0.0", "--provider", "replay"]

    async def ask() -> object:
        async with Client(
            stdio_client(StdioServerParameters(command=str(BIN), args=words))
        ) as client:
            (tool,) = (await client.list_tools()).tools
            assert tool.title == "hello 1.0.0"
            return (await client.call_tool("hello", {"who": "Ada"})).structured_content

    assert anyio.run(ask) == {"greeting": "Hello, Ada!"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "there is nothing to offer"),
        (["--tag", "nope"], "no workflow has the tag nope"),
        (["helo"], "there is no workflow helo"),
        (["hello", "hello:1.1.0"], "hello:1.1.0 is named twice"),
    ],
)
def test_what_there_is_not_is_said_and_nothing_starts(
    registry: RegistryFolder, tmp_path: Path, words: list[str], expected: str
) -> None:
    done = forked.run(["puppy-cli", "mcp", "--registry", str(registry.root), *words], cwd=tmp_path)
    assert done.returncode in {1, 2}
    assert done.stdout == ""
    assert expected in done.stderr
