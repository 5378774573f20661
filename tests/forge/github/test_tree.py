"""A registry read through the API is the registry that git reads, and costs what is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.tree import GitHubTree
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository as GitRepository
from tests.conftest import RegistryFolder
from tests.forge.fault_server import FaultServer, Reply
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import StandIn, stand_in

LINE = "registry/workflows/greet"
PATHS = [
    "registry/registry.yaml",
    "registry/nothing.yaml",
    LINE,
    f"{LINE}/owners.yaml",
    f"{LINE}/owners.yaml/inside",
    f"{LINE}/1.0.0",
    f"{LINE}/1.0.0/manifest.yaml",
    f"{LINE}/1.0.0/docs",
    f"{LINE}/1.0.0/docs/README.md",
    f"{LINE}/1.0.0/docs/none.md",
    f"{LINE}/1.0.0/run.sh",
    f"{LINE}/1.0.0/link",
    f"{LINE}/9.9.9",
    f"{LINE}/9.9.9/manifest.yaml",
    "registry/workflows/none",
    "registry/workflows/none/owners.yaml",
]


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    folder = made.add("greet", "1.0.0")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "link").symlink_to("run.sh")
    made.add("greet", "1.10.0")
    made.commit("Greet")
    return made


@pytest.fixture
def forge(registry: RegistryFolder, tmp_path: Path) -> Iterator[StandIn]:
    with stand_in(tmp_path) as running:
        running.repositories["ada/registry"] = Repository("ada/registry", registry.root, set())
        yield running


@pytest.fixture
def both(registry: RegistryFolder, forge: StandIn) -> tuple[GitHubTree, GitTree]:
    repository = GitRepository(registry.root)
    commit = repository.commit("HEAD")
    github = GitHub("ada/registry", "", forge.address)
    return GitHubTree(github.http, "ada/registry", commit), GitTree(repository, commit)


def test_it_says_what_git_says(both: tuple[GitHubTree, GitTree]) -> None:
    ours, theirs = both
    for path in PATHS:
        assert (path, ours.has(path), ours.mode(path)) == (
            path,
            theirs.has(path),
            theirs.mode(path),
        )
        assert list(ours.files(path)) == list(theirs.files(path) if path.count("/") > 2 else ())
        assert ours.folders(path) == theirs.folders(path)
        if theirs.mode(path) in {"100644", "100755"}:
            assert ours.read(path) == theirs.read(path)
            assert ours.size(path) == theirs.size(path)
            assert ours.object_id(path) == theirs.object_id(path)
        elif not theirs.has(path) or theirs.mode(path) == "40000":
            with pytest.raises(NotFoundError):
                ours.read(path)
            with pytest.raises(NotFoundError):
                ours.size(path)


def test_nothing_lists_all_workflows(both: tuple[GitHubTree, GitTree], forge: StandIn) -> None:
    assert both[0].folders("registry/workflows") == []
    assert forge.asked == []


def test_a_path_is_asked_for_once(both: tuple[GitHubTree, GitTree], forge: StandIn) -> None:
    """The line's folder, the version's tree, and the file."""
    for _ in range(3):
        both[0].read(f"{LINE}/1.0.0/manifest.yaml")
        assert both[0].has(f"{LINE}/1.0.0/docs/README.md")
        assert not both[0].has(f"{LINE}/2.0.0/docs/README.md")
    assert len(forge.asked) == 3


def test_a_large_file_comes_whole(registry: RegistryFolder, forge: StandIn) -> None:
    data = b"x" * (2**20 + 1)
    (registry.root / "registry/registry.yaml").write_bytes(data)
    commit = registry.commit("Large")
    tree = GitHubTree(GitHub("ada/registry", "", forge.address).http, "ada/registry", commit)
    assert tree.read("registry/registry.yaml") == data


def test_more_than_the_api_lists_is_no_silent_part(github: GitHub, server: FaultServer) -> None:
    listed = [{"type": "dir", "name": f"1.0.{n}", "sha": "a" * 40, "size": 0} for n in range(1000)]
    server.replies = [Reply(200, listed)]
    with pytest.raises(RegistryError, match="there are more") as cut:
        GitHubTree(github.http, "ada/registry", "main").folders(LINE)
    assert "clone" in cut.value.hint


def test_a_version_that_is_cut_is_no_version(github: GitHub, server: FaultServer) -> None:
    line = [{"type": "dir", "name": "1.0.0", "sha": "a" * 40, "size": 0}]
    server.replies = [Reply(200, line), Reply(200, {"tree": [], "truncated": True})]
    with pytest.raises(RegistryError, match="too many files"):
        list(GitHubTree(github.http, "ada/registry", "main").files(f"{LINE}/1.0.0"))
