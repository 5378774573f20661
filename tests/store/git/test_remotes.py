"""Other repositories: what they hold, and pushes that take no rival's place."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

STATE = "refs/heads/state"


@pytest.fixture
def clone(registry: RegistryFolder, tmp_path: Path) -> RegistryFolder:
    """A clone whose remote is an empty bare repository, named by a relative path."""
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "hub.git"], check=True)
    registry.git("remote", "add", "hub", "../hub.git")
    return registry


def test_a_push_comes_back_by_a_fetch_and_takes_no_rival_s_place(clone: RegistryFolder) -> None:
    repository = Repository(clone.root)
    first = repository.commit("main")
    assert repository.fetch("hub", STATE, "refs/seen/state") == ""
    assert repository.push("hub", first, STATE, "")
    last = clone.commit("More")
    assert not repository.push("hub", last, STATE, "")
    assert not repository.push("hub", last, STATE, last)
    assert repository.push("hub", last, STATE, first)
    assert repository.fetch("hub", STATE, "refs/seen/state") == last
    assert repository.remote_refs("hub", STATE) == {STATE: last}
    assert repository.push("hub", "", STATE, last)
    assert repository.remote_refs("hub") == {}


def test_a_remote_that_is_not_there_is_named(clone: RegistryFolder) -> None:
    repository = Repository(clone.root)
    clone.git("remote", "add", "gone", "../nowhere.git")
    with pytest.raises(GitError) as error:
        repository.remote_refs("gone")
    assert error.value.location == "gone"
    assert repository.remotes() == ["gone", "hub"]
    assert repository.remote_address("hub") == "../hub.git"
    with pytest.raises(NotFoundError, match="no remote 'other'"):
        repository.remote_address("other")


def test_settings_are_found_by_key_and_by_pattern(clone: RegistryFolder) -> None:
    clone.git("config", "registry-tool.remote", "hub")
    repository = Repository(clone.root)
    assert repository.config("registry-tool.remote") == "hub"
    assert repository.config("registry-tool.none") == ""
    assert repository.settings(r"^remote\..*\.url$") == {"remote.hub.url": "../hub.git"}
