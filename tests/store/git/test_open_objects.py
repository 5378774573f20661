"""One reader for a clone, but never another clone's, a forked process's or one that has ended."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable

import pytest

from registry_tool.store.git.open_objects import open_objects
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    return make_registry(git=True)


def test_two_repositories_of_one_clone_share_a_process(registry: RegistryFolder) -> None:
    first, second = Repository(registry.root), Repository(registry.root)
    commit = registry.git("rev-parse", "HEAD")
    assert first.object(commit) == second.object(commit)
    assert (first.calls, second.calls) == (1, 0)


def test_what_is_written_later_is_found(registry: RegistryFolder) -> None:
    Repository(registry.root).kind(registry.git("rev-parse", "HEAD"))
    later = registry.commit("Later")
    assert Repository(registry.root).kind(later) == "commit"
    registry.git("repack", "-adq")
    assert Repository(registry.root).kind(later) == "commit"


def test_another_clone_at_the_same_place(
    make_registry: Callable[..., RegistryFolder], registry: RegistryFolder
) -> None:
    opened = open_objects(registry.root / ".git")
    shutil.move(registry.root, registry.root.with_name("moved"))
    again = make_registry(git=True)
    assert open_objects(again.root / ".git") is not opened


def test_a_process_that_was_ended_is_started_anew(registry: RegistryFolder) -> None:
    commit = registry.git("rev-parse", "HEAD")
    repository = Repository(registry.root)
    assert repository.kind(commit) == "commit"
    reader, _ = open_objects(registry.root / ".git").reader()
    os.kill(reader.process_id, signal.SIGKILL)
    os.waitid(os.P_PID, reader.process_id, os.WEXITED | os.WNOWAIT)
    assert repository.kind(commit) == "commit"


def test_a_folder_that_was_tidied_away_is_made_anew(registry: RegistryFolder) -> None:
    opened = open_objects(registry.root / ".git")
    shutil.rmtree(opened.alone.git_dir)
    assert open_objects(registry.root / ".git").alone.git_dir.is_dir()


def test_a_forked_process_opens_its_own(registry: RegistryFolder) -> None:
    commit = registry.git("rev-parse", "HEAD")
    reader, _ = open_objects(registry.root / ".git").reader()
    ours = reader.process_id
    child = os.fork()
    if child == 0:
        theirs, _ = open_objects(registry.root / ".git").reader()
        os._exit(0 if theirs.process_id != ours and theirs.kind(commit) == "commit" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert reader.kind(commit) == "commit"
