"""The protocol's own conformance suite and inspector (npm), against both ways to the tools."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry_tool.security.tokens.principal import RUN
from tests.bounded import PATIENCE
from tests.conftest import RegistryFolder
from tests.node_tools import node_tool, recent_node
from tests.server.addresses import at_address
from tests.server.signing_in import Served, served

ROOT = Path(__file__).parents[3]
PACKAGES = "node_modules/@modelcontextprotocol"
BASELINE = Path(__file__).parent / "conformance-baseline.yaml"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """One registry for all questions."""
    return served(RegistryFolder(tmp_path_factory.mktemp("mcp") / "registry", git=True))


@pytest.fixture(scope="module")
def address(shown: Served) -> Iterator[str]:
    """Where it is."""
    with at_address(shown.context) as found:
        yield f"{found}/mcp"


def node(path: str, *words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A program of npm's, which writes into that folder alone."""
    command = [recent_node(), node_tool(f"{PACKAGES}/{path}"), *words]
    env = {**os.environ, "MCP_CATALOG_PATH": str(folder / "catalog.json"), "NO_COLOR": "1"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, cwd=folder, env=env, check=False
    )


def inspected(folder: Path, *words: str) -> Any:
    """What the inspector shows."""
    found = node("inspector/clients/launcher/build/index.js", "--cli", *words, folder=folder)
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_the_suite_finds_nothing_new(address: str, tmp_path: Path) -> None:
    words = ("server", "--url", address, "--suite", "active", "--expected-failures", str(BASELINE))
    found = node("conformance/dist/index.js", *words, folder=tmp_path)
    assert found.returncode == 0, found.stdout[-4000:] + found.stderr
    assert "server-initialize: 1 passed" in found.stdout
    assert "dns-rebinding-protection: 2 passed" in found.stdout


def test_the_inspector_calls_a_tool_of_a_live_registry(
    address: str, shown: Served, tmp_path: Path
) -> None:
    (token,) = shown.headers("eve", RUN).values()
    found = inspected(
        tmp_path,
        *(address, "--transport", "http", "--header", f"Authorization: {token}"),
        *("--method", "tools/call", "--tool-name", "hello", "--tool-arg", "who=Ada"),
    )
    assert found["structuredContent"] == {"greeting": "Hello, Ada!"}


def test_the_inspector_calls_a_tool_over_standard_input_and_output(tmp_path: Path) -> None:
    program = Path(sys.executable).parent / "puppy-cli"
    found = inspected(
        tmp_path,
        *(str(program), "mcp", "text-preprocessor", "--registry", str(ROOT)),
        *("--provider", "replay", "--method", "tools/call"),
        *("--tool-name", "text-preprocessor", "--tool-arg", "text=Hello  World"),
    )
    assert found["structuredContent"]["clean"] == "Hello World"
