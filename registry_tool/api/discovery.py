"""How agents and editors find the workflows of a built site (docs/agents.md, docs/adr/0043):

| path from the site's root | holds | changes when |
| --- | --- | --- |
| v0.1/servers/index.html | an MCP registry's list: the latest updates | a latest version changes |
| v0.1/servers/<server>/versions/index.html, …/latest | a workflow's versions as MCP servers | one of them does |
| v0.1/servers/<server>/versions/<version> | one version as an MCP server | its owners say something against it |
| .well-known/agent-skills/index.json | the skills of the latest updates, with digests | a latest version changes |
| .well-known/agent-skills/<name>/SKILL.md | how an agent uses a workflow | its latest version changes |
| .claude-plugin/marketplace.json | the same skills with their tools, as plugins | a latest version changes |

Lists hold the latest updates alone, as `api/v1/workflows.json` does: a publish writes as much in any registry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from registry_tool.api import mcp_registry as mcp
from registry_tool.api.agent_skills import skill_text, skills_index
from registry_tool.api.plugin_marketplace import MARKETPLACE, marketplace
from registry_tool.catalogue.model import Line, PublishedVersion, RegistrySettings
from registry_tool.catalogue.summaries import Summary
from registry_tool.catalogue.tool_facts import facts_of_tests
from registry_tool.core.large_json import pretty
from registry_tool.core.values import Object, Value
from registry_tool.manifest.owners import Owners

Files = Iterator[tuple[str, bytes]]
SKILLS = ".well-known/agent-skills"


def entry_of(line: Line, address: str) -> Object:
    """What lists of tools and skills need of a workflow beside its summary."""
    skill = skill_text(line.latest, address)
    latest = line.latest
    facts = facts_of_tests(latest.workflow, latest.cassettes)
    return {"digest": latest.digest, "skill": _digest(skill), **facts}


def version_discovery(owners: Owners, version: PublishedVersion, address: str) -> Files:
    """A version as an MCP server; nothing where nobody knows the registry's address, which names it."""
    if address:
        path = mcp.version_path(address, version.name, version.number)
        yield path, mcp.encoded(mcp.version_entry(owners, version, address))


def line_discovery(line: Line, address: str) -> Files:
    """A workflow's skill, and its versions as MCP servers."""
    yield f"{SKILLS}/{line.name}/SKILL.md", skill_text(line.latest, address).encode()
    if address:
        latest = line.latest.number
        entries = [
            mcp.version_entry(line.owners, version, address, is_latest=version.number == latest)
            for version in line.versions[::-1]
        ]
        found = next(entry for entry in entries if _number(entry) == latest)
        yield mcp.versions_path(address, line.name), mcp.encoded(mcp.server_list(entries))
        yield mcp.version_path(address, line.name, "latest"), mcp.encoded(found)


def _number(entry: Object) -> Value:
    server = entry["server"]
    return server["version"] if isinstance(server, dict) else None


def list_discovery(settings: RegistrySettings, latest: Sequence[Summary], address: str) -> Files:
    """What is found without knowing a name: the latest updates that are neither yanked nor deprecated."""
    offered = [one for one in latest if not one["yanked"] and not one["deprecated"]]
    yield f"{SKILLS}/index.json", pretty(skills_index(offered))
    yield MARKETPLACE, pretty(marketplace(settings, offered, address))
    if address:
        entries = [mcp.latest_entry(one, address) for one in latest if not one["yanked"]]
        yield mcp.SERVERS, mcp.encoded(mcp.server_list(entries))


def _digest(text: str) -> str:
    return f"sha256:{sha256(text.encode()).hexdigest()}"
