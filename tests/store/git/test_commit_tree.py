"""Files of a commit, read from objects; and tree objects, also malformed ones."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git import commit_tree
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.git.tree_entries import RawEntry, child_of, entries_of
from registry_tool.store.tree import FolderTree, TreeFile
from tests.conftest import RegistryFolder


def test_a_tree_lists_and_reads_without_a_checkout(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.git"
    root = registry.root
    subprocess.run(["git", "clone", "--quiet", "--bare", root, bare], check=True)
    repository = Repository(bare)
    tree = GitTree(repository, repository.commit("main"))
    paths = [file.path for file in tree.files("registry")]
    assert "registry/workflows/hello/1.0.0/manifest.yaml" in paths
    assert paths == sorted(paths)
    assert tree.read("registry/registry.yaml").startswith(b"name:")
    assert tree.folders("registry/workflows") == ["hello"]
    with pytest.raises(NotFoundError):
        tree.read("registry/nothing")


def test_many_files_are_read_at_once_in_their_order(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    wanted = {f"many/{number:04}.txt": b"x" * number + b"\n\0" for number in range(200)}
    tree = GitTree(repository, repository.tree_with("main", wanted))
    before = repository.calls
    assert list(tree.contents("many")) == sorted(wanted.items())
    assert repository.calls - before <= 1
    assert list(tree.contents("none")) == []
    with pytest.raises(NotFoundError, match="is missing"):
        list(repository.objects([tree.object_id("many/0000.txt"), "0" * 40]))


@pytest.mark.parametrize(
    "paths", [["a"], ["a/b", "a.c"], ["a/x", "a-b", "a0"], ["z/é/深", "z/e", "Z/e"]]
)
def test_a_commit_lists_what_the_folder_lists(registry: RegistryFolder, paths: list[str]) -> None:
    """Git sorts `a/` after `a.c`; we sort by whole paths, whoever lists them."""
    for path in paths:
        (registry.root / "files" / path).parent.mkdir(parents=True, exist_ok=True)
        (registry.root / "files" / path).write_text(path)
    (registry.root / "files/tool").write_text("#!/bin/sh\n")
    (registry.root / "files/tool").chmod(0o755)
    (registry.root / "files/link").symlink_to("nowhere")
    tree = GitTree(Repository(registry.root), registry.commit("Add"))
    folder = FolderTree(registry.root)
    listed = list(tree.files("files"))
    assert listed == list(folder.files("files"))
    assert TreeFile("files/tool", "100755") in listed
    for file in listed:
        assert tree.read(file.path) == folder.read(file.path)
        assert tree.size(file.path) == folder.size(file.path) == len(tree.read(file.path))
    assert list(tree.contents("files", after=1)) == [
        (file.path, folder.read(file.path)) for file in listed[1:]
    ]


def test_what_stands_at_a_path(registry: RegistryFolder) -> None:
    tree = GitTree(Repository(registry.root), registry.git("rev-parse", "HEAD"))
    version = "registry/workflows/hello/1.0.0"
    assert tree.folders_at_root() == ["registry"]
    assert (tree.mode(version), tree.mode(f"{version}/manifest.yaml")) == ("40000", "100644")
    assert tree.object_id(version) == registry.git("rev-parse", f"HEAD:{version}")
    assert tree.has(version)
    for nowhere in ("registry/nothing", f"{version}/manifest.yaml/below", ""):
        assert not tree.has(nowhere)
        assert (tree.mode(nowhere), tree.object_id(nowhere)) == ("", "")
        assert tree.folders(nowhere) == []
        assert list(tree.files(nowhere)) == []
    for no_file in (version, "registry/nothing"):
        with pytest.raises(NotFoundError, match="no such file"):
            tree.size(no_file)


def test_a_submodule_is_listed_and_has_no_bytes(registry: RegistryFolder) -> None:
    head = registry.git("rev-parse", "HEAD")
    registry.git("update-index", "--add", "--cacheinfo", f"160000,{head},files/module")
    tree = GitTree(Repository(registry.root), registry.git("write-tree"))
    assert list(tree.files("files")) == [TreeFile("files/module", "160000")]
    assert tree.size("files/module") == 0


def test_a_file_below_a_large_folder_is_found(registry: RegistryFolder) -> None:
    """Above 32 KiB a tree object is searched, not parsed: the two ways must agree."""
    repository = Repository(registry.root)
    below = registry.git("rev-parse", "HEAD:registry/workflows/hello")
    names = [f"{number:04}-{'x' * 20}" for number in range(700)]
    many = "".join(f"040000 tree {below}\t{name}\n" for name in names).encode()
    folder = repository.text("mktree", stdin=many)
    root = repository.text("mktree", stdin=f"040000 tree {folder}\tmany\n".encode())
    assert repository.size(folder) > 2**15
    tree = GitTree(repository, root)
    assert tree.object_id(f"many/{names[350]}") == below
    assert tree.read(f"many/{names[699]}/owners.yaml").startswith(b"owners:")
    assert not tree.has("many/0350")
    assert not tree.has("many/x")
    assert tree.folders("many") == names


def test_a_large_folder_is_looked_through_for_a_few_entries_and_parsed_for_many(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = Repository(registry.root)
    names = [f"many/{number:04}/a.txt" for number in range(1200)]
    tree = GitTree(repository, repository.tree_with("main", dict.fromkeys(names, b"a")))
    looked: list[bytes] = []

    def look(raw: bytes, name: bytes, *more: Any) -> RawEntry | None:
        looked.append(name)
        return child_of(raw, name, *more)

    monkeypatch.setattr(commit_tree, "child_of", look)
    assert {tree.read(name) for name in names} == {b"a"}
    assert 0 < len(looked) <= 32, "each look takes time that grows with the folder"
    assert not tree.has("many/none/a.txt")


def test_a_large_folder_that_has_to_be_parsed_for_an_entry_is_parsed_once(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the id before an entry ends like a mode, as every twenty-fifth does, its name alone doesn't tell."""
    repository = Repository(registry.root)
    contents = {f"many/{number:04}": b"%d" % number for number in range(1200)}
    root = repository.tree_with("main", contents)
    known = GitTree(repository, root)
    ids = [(path, known.object_id(path)) for path in contents]
    odd = [path for (_, before), (path, _) in pairwise(ids) if before[-2:] in DIGITS]
    parsed: list[int] = []

    def parse(raw: bytes, width: int) -> Mapping[bytes, RawEntry]:
        parsed.append(len(raw))
        return entries_of(raw, width)

    monkeypatch.setattr(commit_tree, "entries_of", parse)
    tree = GitTree(repository, root)
    for path in odd[:9]:
        assert tree.read(path) == contents[path]
    assert len(odd) > 9
    assert len([size for size in parsed if size > 2**15]) == 1


DIGITS = {f"{digit:02x}" for digit in b"0123456789"}


def test_a_tree_that_lives_long_keeps_a_bounded_number_of_folders(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live registry's was asked for one absent workflow after the other, and kept what it had found of each."""
    monkeypatch.setattr(commit_tree, "_MOST", 4)
    repository = Repository(registry.root)
    contents = {f"many/{number:03}/a.txt": b"%d" % number for number in range(100)}
    tree = GitTree(repository, repository.tree_with("main", contents))

    def look(start: int) -> None:
        for path in [*contents][start:]:
            assert tree.read(path) == contents[path]
            assert not tree.has(f"{path}/none/b.txt")
            assert len(tree._folders_found) <= 4 + THREADS

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(look, range(THREADS)))
    assert len(tree._trees) < 3 * (4 + THREADS)


THREADS = 4
