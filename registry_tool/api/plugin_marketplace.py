"""Workflows as plugins: `.claude-plugin/marketplace.json`, each plugin a skill and the MCP server of the workflow.

The sources are folders beside the marketplace, so it is added as a clone of the site's branch (docs/agents.md).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, cast

from registry_tool.api.agent_skills import plain, skill_description
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.catalogue.summaries import Summary
from registry_tool.core.values import Object, Value

MARKETPLACE: Final = ".claude-plugin/marketplace.json"
_SKILLS: Final = "./.well-known/agent-skills"


def marketplace(settings: RegistrySettings, latest: Sequence[Summary], address: str) -> Object:
    """The marketplace of a registry; its name is the registry's, in words of ASCII joined by hyphens."""
    name = re.sub(r"[^a-z0-9]+", "-", settings.name.lower()).strip("-")
    about = plain(settings.description) or f"Workflows of {plain(settings.name)}"
    return {
        "name": name or "workflow-registry",
        "owner": {"name": plain(settings.name) or "workflow registry"},
        "metadata": {"description": about},
        "plugins": [_plugin(one, address) for one in latest],
    }


def _plugin(summary: Summary, address: str) -> Object:
    text = {key: cast(str, summary[key]) for key in ("name", "version", "description", "licence")}
    name = text["name"]
    words: list[Value] = ["mcp", f"{name}:{text['version']}"]
    words += ["--registry", address] if address else []
    found: Object = {
        "name": name,
        "description": skill_description(name, text["description"]),
        "version": text["version"],
        "source": f"{_SKILLS}/{name}",
        "strict": False,
        "skills": ["./"],
        "mcpServers": {name: {"command": "puppy-cli", "args": words}},
        "category": summary["category"],
        "keywords": summary["tags"],
    }
    if text["licence"]:
        found["license"] = text["licence"]
    if address:
        found["homepage"] = f"{address}/workflows/{name}/"
    return found
