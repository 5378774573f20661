"""A branch without history, and branches that go."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry_tool.store.branch import Branch
from registry_tool.store.branch_names import branch_names
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.commands.privacy_places import NOW, git, make_place

WHO = Identity("x", "x@x", NOW.isoformat())


@pytest.mark.parametrize("remote", [False, True])
def test_a_branch_that_stands_alone_has_no_history(tmp_path: Path, *, remote: bool) -> None:
    location = make_place(tmp_path, remote=remote)
    branch = Branch(Repository(location.root), "lonely", location.remote, alone=True)
    for number in range(3):
        branch.write(lambda _, n=number: {f"{n}.txt": b"x"}, "x", WHO)  # type: ignore[misc]
    where = tmp_path / "origin.git" if remote else location.root
    assert git(where, "rev-list", "--count", "lonely") == "1"
    assert git(where, "ls-tree", "--name-only", "lonely").split() == ["0.txt", "1.txt", "2.txt"]


@pytest.mark.parametrize("remote", [False, True])
def test_a_branch_goes_as_it_was_seen(tmp_path: Path, *, remote: bool) -> None:
    location = make_place(tmp_path, remote=remote)
    branch = Branch(Repository(location.root), "month", location.remote)
    assert not branch.remove()
    branch.write(lambda _: {"a.txt": b"x"}, "x", WHO)
    assert branch.remove()
    assert branch.tip() == ""
    where = tmp_path / "origin.git" if remote else location.root
    assert "month" not in git(where, "branch", "--list")


def test_a_rival_that_wrote_meanwhile_keeps_it(tmp_path: Path) -> None:
    location = make_place(tmp_path)
    repository = Repository(location.root)
    branch = Branch(repository, "month")
    old = branch.write(lambda _: {"a.txt": b"x"}, "x", WHO)
    branch.write(lambda _: {"b.txt": b"x"}, "x", WHO)
    assert not repository.delete("refs/heads/month", old)
    assert branch.tip()


@pytest.mark.parametrize("bare", [False, True])
def test_a_remote_by_a_relative_path_is_where_git_itself_finds_it(
    tmp_path: Path, *, bare: bool
) -> None:
    location = make_place(tmp_path, remote=True)
    root = location.root
    if bare:
        root = tmp_path / "mirror.git"
        git(tmp_path, "clone", "--quiet", "--bare", str(location.root), str(root))
        git(root, "remote", "remove", "origin")
        git(root, "remote", "add", "near", "../origin.git")
    else:
        git(root, "remote", "add", "near", os.path.relpath(tmp_path / "origin.git", root))
        (root / "deep").mkdir()
        root = root / "deep"
    repository = Repository(root)
    branch = Branch(repository, "runs-2026-01", "near")
    branch.write(lambda _: {"a.txt": b"x"}, "x", WHO)
    assert branch.tip() == git(tmp_path / "origin.git", "rev-parse", "runs-2026-01").strip()
    assert branch_names(repository, "runs-*", "near") == ["runs-2026-01"]
    assert branch.remove()
