"""Where settings stand: the project's file, the user's."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.sources.configuration.files import (
    project_file,
    project_settings,
    user_file,
    user_settings,
)


def test_a_project_s_file_is_its_own_or_of_a_folder_above(tmp_path: Path) -> None:
    inner = tmp_path / "flows/mine"
    inner.mkdir(parents=True)
    (inner / "workflow-resource.yaml").write_text("")
    assert project_file(inner) is None
    (tmp_path / "puppy.toml").write_text('registry = "r"')
    assert project_file(inner / "workflow-resource.yaml") == tmp_path / "puppy.toml"
    (inner / "puppy.toml").write_text('registry = "other"')
    found = project_settings(inner)
    assert found is not None
    assert (found.folder, found.values) == (inner, {"registry": "other"})


def test_a_repository_is_where_a_project_ends(tmp_path: Path) -> None:
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "puppy.toml").write_text('registry = "r"')
    assert project_file(tmp_path / "repository") is None


def test_somebody_else_s_file_above_a_project_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In /tmp anybody may leave one."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (tmp_path / "puppy.toml").write_text('registry = "https://evil.example"')
    stat = Path.stat

    def as_if(self: Path, **words: bool) -> os.stat_result:
        found = stat(self, **words)
        owner = 12345 if self.name == "puppy.toml" else 1000
        return os.stat_result((*found[:4], owner, *found[5:]))

    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.setattr(Path, "stat", as_if)
    assert project_file(mine) is None
    assert project_file(tmp_path) == tmp_path / "puppy.toml"


def test_the_user_s_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert user_settings() is None
    assert user_file() == tmp_path / "puppy-cli/config.toml"
    user_file().parent.mkdir()
    user_file().write_text('[registries]\nacme = "https://acme.example"\n')
    found = user_settings()
    assert found is not None
    assert found.registries == {"acme": "https://acme.example"}
    assert found.place("registries.acme") == f"{user_file()}:2"
    user_file().write_text("registry = ")
    with pytest.raises(UsageError, match=r"config\.toml:1: not TOML"):
        user_settings()
