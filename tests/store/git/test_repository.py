from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.core.errors import NotFoundError
from registry_tool.store.branch import Branch, WriteRetryPolicy
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

WHO = Identity("Ada", "ada@example.com", "2024-01-01T00:00:00Z")


def test_a_folder_without_git_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="not a git repository"):
        Repository(tmp_path)


@pytest.mark.parametrize("ref", ["nope", "", "--help", "main\nx", "-x"])
def test_what_is_no_commit(registry: RegistryFolder, ref: str) -> None:
    with pytest.raises(NotFoundError):
        Repository(registry.root).commit(ref)


def test_a_rival_is_never_overwritten(registry: RegistryFolder) -> None:
    branch = Branch(Repository(registry.root), "state")
    rival = Branch(Repository(registry.root), "state")
    calls = 0

    def write(tree: GitTree) -> dict[str, bytes | None]:
        nonlocal calls
        calls += 1
        if calls == 1:
            rival.write(lambda _: {"rival": b"1"}, "Rival", WHO)
        return {"mine": str(sorted(file.path for file in tree.files("."))).encode()}

    branch.write(write, "Mine", WHO, WriteRetryPolicy(sleep=lambda _: None))
    assert calls == 2
    assert branch.files().read("rival") == b"1"
    assert branch.files().read("mine")


def test_no_hook_of_the_repository_runs(registry: RegistryFolder, tmp_path: Path) -> None:
    hook = registry.root / ".git/hooks/reference-transaction"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n")
    hook.chmod(0o755)
    Branch(Repository(registry.root), "state").write(lambda _: {"a": b"1"}, "Write", WHO)
    assert not (tmp_path / "pwned").exists()


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "é"]), st.binary(max_size=20), min_size=1)
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("repo")
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    branch = Branch(Repository(folder), "state")
    branch.write(lambda _: dict(files), "Write", WHO)
    assert {path: branch.files().read(path) for path in files} == files


def test_a_lock_that_a_killed_git_left_does_not_stop_the_next(registry: RegistryFolder) -> None:
    branch = Branch(Repository(registry.root), "state")
    branch.write(lambda _: {"a": b"1"}, "Write", WHO)
    lock = registry.root / ".git/refs/heads/state.lock"
    lock.touch()
    branch.write(lambda _: {"a": b"2"}, "Write", WHO)
    assert branch.files().read("a") == b"2"
    assert not lock.exists()


def test_nothing_wanted_is_nothing_written(registry: RegistryFolder) -> None:
    branch = Branch(Repository(registry.root), "state")
    tip = branch.write(lambda _: {"a": b"1"}, "Write", WHO)
    assert branch.write(lambda _: {}, "Write", WHO) == tip == branch.tip()


def test_a_trusting_writer_looks_only_where_a_rival_wrote(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    registry.git("remote", "add", "origin", str(bare))
    repository = Repository(registry.root)
    branch, rival = (Branch(repository, "state", "origin") for _ in range(2))
    seen: list[bytes] = []

    def write(tree: GitTree) -> dict[str, bytes | None]:
        seen.append(tree.read("a") if tree.has("a") else b"")
        return {"a": seen[-1] + b"1"}

    branch.write(write, "One", WHO, trusting=True)
    branch.write(write, "Two", WHO, trusting=True)
    rival.write(lambda _: {"a": b"rival"}, "Rival", WHO)
    branch.write(write, "Three", WHO, WriteRetryPolicy(sleep=lambda _: None), trusting=True)
    assert seen == [b"", b"1", b"11", b"rival"]
    assert rival.files().read("a") == b"rival1"


def test_the_line_that_says_what_was_wrong_is_reported(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    subprocess.run(["git", "-C", tmp_path, "remote", "add", "gone", "./nowhere.git"], check=True)
    with pytest.raises(GitError, match=r"fetch failed: fatal: './nowhere.git' does not appear"):
        Repository(tmp_path).fetch("gone", "refs/heads/x", "refs/registry-tool/gone/x")


def test_a_shallow_clone_is_completed(registry: RegistryFolder, tmp_path: Path) -> None:
    registry.git("commit", "--quiet", "--allow-empty", "-m", "Another")
    source = f"file://{registry.root}"
    subprocess.run(["git", "clone", "--quiet", "--depth=1", source, tmp_path / "clone"], check=True)
    clone = Repository(tmp_path / "clone")
    assert clone.is_cut_off
    clone.complete("origin", "refs/heads/main")
    assert not clone.is_cut_off
    assert len(clone.history(registry.git("rev-parse", "main"), ".", 9)) >= 1
