from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.partial import FOLDER, PartialRepository
from registry_tool.store.git.repository import Repository

WHO = Identity("Ada", "ada@example.com", "2026-01-01T12:00:00Z")
FILES = {f"{folder}/{n}": f"{folder} {n}".encode() for folder in ("a", "b/c") for n in range(5)}


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", folder, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def clone(tmp_path: Path) -> Repository:
    """A clone whose remote has a branch `site`; its address is a relative path, as a user may have it."""
    for name in ("remote.git", "clone"):
        subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / name], check=True)
    git(tmp_path / "remote.git", "config", "uploadpack.allowFilter", "true")
    remote = Repository(tmp_path / "remote.git")
    commit = remote.commit_with(EMPTY_TREE, FILES, [], "Show", WHO)
    assert remote.move("refs/heads/site", commit, "")
    git(tmp_path / "clone", "remote", "add", "origin", "../remote.git")
    return Repository(tmp_path / "clone")


def fetched(repository: Repository) -> list[str]:
    """The blobs in its packs: what a remote has sent."""
    found: list[str] = []
    for pack in (repository.git_dir / "objects/pack").glob("*.idx"):
        listed = git(repository.git_dir, "verify-pack", "-v", str(pack)).splitlines()
        found += [line.split()[0] for line in listed if line.split()[1:2] == ["blob"]]
    return found


def branch(clone: Repository) -> tuple[PartialRepository, Branch]:
    made = PartialRepository(clone, "origin")
    return made, Branch(made, "site", "origin", alone=True)


def test_no_blob_comes_but_those_that_are_read(clone: Repository) -> None:
    partial, site = branch(clone)
    tree = site.files()
    assert [file.path for file in tree.files("a")] == [f"a/{n}" for n in range(5)]
    assert (fetched(partial), partial.fetched) == ([], 0)
    assert tree.read("a/1") == FILES["a/1"]
    before = partial.calls
    tree.expect(["a/1", "a/2", "b/c/3", "b/c/3", "none", "b"])
    assert partial.calls == before + 1, "one process for all of them"
    assert [tree.read(path) for path in ("a/2", "b/c/3")] == [FILES["a/2"], FILES["b/c/3"]]
    tree.expect(["a/1", "a/2"])
    assert partial.calls == before + 1
    assert len(fetched(partial)) == partial.fetched == 3
    assert dict(tree.contents("b")) == {p: data for p, data in FILES.items() if p[0] == "b"}
    assert len(fetched(partial)) == 7


def test_the_clone_stays_whole(clone: Repository) -> None:
    config = (clone.git_dir / "config").read_bytes()
    _, site = branch(clone)
    site.files().read("a/1")
    assert (clone.git_dir / "config").read_bytes() == config
    assert not clone.is_partial
    assert not clone.refs("refs/registry-tool/*")
    assert [path.name for path in (clone.git_dir / FOLDER).iterdir()] == ["origin"]


def test_a_push_brings_nothing(clone: Repository, tmp_path: Path) -> None:
    partial, site = branch(clone)
    new = {"a/1": b"new", "b/c/2": None, "d": FILES["a/4"]}
    commit = site.write(lambda _: new, "Show more", WHO)
    assert fetched(partial) == []
    git(tmp_path / "remote.git", "fsck", "--strict")
    shown = GitTree(Repository(tmp_path / "remote.git"), commit)
    assert shown.read("a/1") == b"new"
    assert shown.read("d") == shown.read("a/4")
    assert len(list(shown.files("b"))) == 4
    assert site.write(lambda _: {"a/1": b"newer"}, "Show more", WHO)
    assert fetched(partial) == []


def test_a_remote_that_knows_no_filters_sends_all(clone: Repository, tmp_path: Path) -> None:
    git(tmp_path / "remote.git", "config", "uploadpack.allowFilter", "false")
    partial, site = branch(clone)
    tree = site.files()
    assert tree.read("a/1") == FILES["a/1"]
    assert partial.fetched == 0


def test_no_branch_and_no_remote_are_reported(clone: Repository, tmp_path: Path) -> None:
    partial, _ = branch(clone)
    assert Branch(partial, "other", "origin").tip() == ""
    with pytest.raises(NotFoundError, match="there is no remote"):
        partial.remote_address("elsewhere")
    assert partial.remote_address("origin") == "../remote.git"
    shutil.rmtree(clone.git_dir / FOLDER)
    assert branch(clone)[1].files().read("a/1") == FILES["a/1"]
