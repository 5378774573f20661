from __future__ import annotations

from typing import Any

import pytest

from registry_tool.api.plugin_marketplace import marketplace
from registry_tool.catalogue.model import RegistrySettings

SUMMARY: Any = {
    "name": "hello", "version": "1.0.0", "description": "Greets", "licence": "MIT",
    "category": "text", "tags": ["greeting"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slug"),
    [("My <b> Registry!", "my-b-registry"), ("文", "workflow-registry"), ("a", "a")],
)
def test_a_marketplace_is_named_in_words_of_ascii(name: str, slug: str) -> None:
    found: Any = marketplace(RegistrySettings(name), [], "")
    assert found["name"] == slug
    assert found["owner"]["name"]
    assert "<" not in str(found)


def test_a_plugin_is_a_skill_and_the_workflows_own_server() -> None:
    (plugin,) = marketplace(RegistrySettings("R"), [SUMMARY], "https://x.example")["plugins"]  # type: ignore[misc]
    found: Any = plugin
    assert found["source"] == "./.well-known/agent-skills/hello"
    server = found["mcpServers"]["hello"]
    assert [server["command"], *server["args"]] == [
        "puppy-cli", "mcp", "hello:1.0.0", "--registry", "https://x.example",
    ]  # fmt: skip
    assert found["homepage"] == "https://x.example/workflows/hello/"


def test_without_an_address_nothing_is_linked() -> None:
    (plugin,) = marketplace(RegistrySettings("R"), [SUMMARY], "")["plugins"]  # type: ignore[misc]
    assert "homepage" not in plugin  # type: ignore[operator]
    assert "--registry" not in str(plugin)
