"""Which remote holds the state."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.home import state_remote
from tests.store.state.hub import Hub, git


def test_several_remotes(hub: Hub, tmp_path: Path) -> None:
    clone = hub.clone("clone")
    repository = Repository(clone)
    other = tmp_path / "other.git"
    shutil.copytree(hub.folder, other)
    git(clone, "remote", "add", "backup", str(other))
    assert state_remote(repository) == "origin"
    git(clone, "config", "branch.main.remote", "backup")
    assert state_remote(repository) == "backup"
    git(clone, "config", "registry-tool.remote", "origin")
    assert state_remote(repository) == "origin"
    assert state_remote(repository, "backup") == "backup"
    assert state_remote(repository, ".") == ""
    with pytest.raises(UsageError, match="no remote 'gone'"):
        state_remote(repository, "gone")


def test_remotes_of_which_none_is_the_home(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    assert state_remote(Repository(tmp_path)) == ""
    for name in ("one", "two"):
        git(tmp_path, "remote", "add", name, f"../{name}")
    with pytest.raises(UsageError, match="which remote holds the state: there are one, two"):
        state_remote(Repository(tmp_path))
