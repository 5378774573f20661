"""The newest commit of a branch, looked at as often as it is worth it."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.live.live_registry import LOOK_HERE, LiveRegistry
from registry_tool.core.errors import NotFoundError
from tests.conftest import RegistryFolder


class Ticks:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_branch_is_looked_at_again_after_a_while(registry: RegistryFolder) -> None:
    ticks = Ticks()
    live = LiveRegistry(registry.root, ticks=ticks)
    first = live.snapshot()
    registry.add("hello", "1.0.0")
    commit = registry.commit("Publish")
    assert live.snapshot() is first
    ticks.now += LOOK_HERE
    assert live.snapshot().commit == commit
    assert live.snapshot() is live.snapshot()


def test_how_often_it_is_looked_at_can_be_said(registry: RegistryFolder) -> None:
    ticks = Ticks()
    live = LiveRegistry(registry.root, every=60, ticks=ticks)
    assert live.every == 60
    commit = registry.commit("Move")
    ticks.now += 59
    assert live.snapshot().commit != commit
    ticks.now += 1
    assert live.snapshot().commit == commit


def test_who_says_that_it_moved_is_heard_at_once(registry: RegistryFolder) -> None:
    live = LiveRegistry(registry.root, ticks=Ticks())
    commit = registry.commit("Move")
    assert live.refresh().commit == commit


def test_a_remote_that_is_away_leaves_the_last_commit(
    registry: RegistryFolder, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    registry.git("clone", "--quiet", "--bare", ".", str(tmp_path / "remote.git"))
    registry.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    live = LiveRegistry(registry.root, remote="origin", ticks=Ticks())
    commit = live.snapshot().commit
    (tmp_path / "remote.git").rename(tmp_path / "away.git")
    assert live.refresh().commit == commit
    assert "could not be read" in caplog.text


@pytest.mark.parametrize("branch", ["nope", "state"])
def test_where_there_is_no_registry_it_is_said(registry: RegistryFolder, branch: str) -> None:
    empty = registry.git("commit-tree", "4b825dc642cb6eb9a060e54bf8d69288fbee4904", "-m", "Empty")
    registry.git("branch", "state", empty)
    with pytest.raises(NotFoundError, match=branch):
        LiveRegistry(registry.root, branch)
