"""What `build` writes for agents, out of this repository's own registry."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from skills_ref import validate
from skillsaw.__main__ import main as skillsaw

from registry_tool.api.discovery import (
    SKILLS,
    line_discovery,
    list_discovery,
    version_discovery,
)
from registry_tool.api.plugin_marketplace import MARKETPLACE
from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.commands.maintain.output.facts import facts_of
from registry_tool.store.tree import FolderTree
from tests.api.test_mcp_registry import demand_server_list

ROOT = Path(__file__).parents[2]
ADDRESS = "https://workflows.example.com"
SERVER = "v0.1/servers/com.example.workflows/sentiment-analysis/versions"


@cache
def files() -> dict[str, bytes]:
    """What the parts of a build write; that a build does, tests/commands/maintain/test_increments.py holds."""
    found = load_catalogue(FolderTree(ROOT))
    made = dict(
        list_discovery(
            found.settings, [facts_of(one, {}, {}, ADDRESS).summary for one in found.lines], ADDRESS
        )
    )
    for line in found.lines:
        made.update(line_discovery(line, ADDRESS))
        for version in line.versions:
            made.update(version_discovery(line.owners, version, ADDRESS))
    return made


def test_every_workflow_is_a_server_of_an_mcp_registry() -> None:
    found = json.loads(files()["v0.1/servers/index.html"])
    demand_server_list(found)
    names = {entry["server"]["title"] for entry in found["servers"]}
    assert names == {line.name for line in load_catalogue(FolderTree(ROOT)).lines}
    assert "nextCursor" not in found["metadata"]  # a static host would answer every cursor alike


def test_a_servers_versions_are_newest_first_and_each_has_a_document() -> None:
    listed = json.loads(files()[f"{SERVER}/index.html"])
    demand_server_list(listed)
    numbers = [entry["server"]["version"] for entry in listed["servers"]]
    assert numbers == ["1.2.0", "1.1.0", "1.0.0"]
    assert json.loads(files()[f"{SERVER}/latest"]) == listed["servers"][0]
    for number in numbers:
        demand_server_list({"servers": [json.loads(files()[f"{SERVER}/{number}"])]})
    assert b"isLatest" not in files()[f"{SERVER}/1.2.0"]  # the next version would change it


def test_lists_and_versions_tell_the_same_of_a_tool() -> None:
    listed: dict[str, Any] = {}
    for entry in json.loads(files()["v0.1/servers/index.html"])["servers"]:
        listed[entry["server"]["title"]] = entry["_meta"]["puppyai.com/tool"]
    for name, facts in listed.items():
        own = files()[f"v0.1/servers/com.example.workflows/{name}/versions/latest"]
        assert json.loads(own)["_meta"]["puppyai.com/tool"] == facts, name


def test_every_skill_is_in_the_index_with_its_digest(tmp_path: Path) -> None:
    index = json.loads(files()[f"{SKILLS}/index.json"])
    assert len(index["skills"]) == len(load_catalogue(FolderTree(ROOT)).lines)
    for skill in index["skills"]:
        text = files()[f"{SKILLS}/{skill['url']}"]
        assert skill["digest"] == f"sha256:{sha256(text).hexdigest()}"
        folder = tmp_path / skill["name"]
        folder.mkdir()
        (folder / "SKILL.md").write_bytes(text)
        assert validate(folder) == []


def test_skillsaw_finds_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, data in files().items():
        if path.startswith((SKILLS, MARKETPLACE)):
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    skill = tmp_path / SKILLS / "sentiment-analysis"
    for folder, kind in ((tmp_path, "Plugins"), (skill, "Skills")):
        monkeypatch.setattr(
            "sys.argv", ["skillsaw", "lint", "--no-color", "--no-progress", str(folder)]
        )
        with pytest.raises(SystemExit) as ended:
            skillsaw()
        output = capsys.readouterr().out
        assert (ended.value.code, "Errors:   0" in output) == (0, True), output
        assert f"{kind}:   0" not in output


def test_without_an_address_there_is_no_mcp_registry_and_skills_name_none() -> None:
    found = {}
    settings = RegistrySettings("R")
    line = load_catalogue(FolderTree(ROOT)).lines[0]
    found.update(version_discovery(line.owners, line.latest, ""))
    found.update(list_discovery(settings, [], ""))
    assert set(found) == {f"{SKILLS}/index.json", MARKETPLACE}
