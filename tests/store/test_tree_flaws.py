"""Trees that plain git doesn't write; whole pull requests stand in tests/threats/cases/41-*."""

from __future__ import annotations

import subprocess

import pytest

from registry_tool.store import tree_flaws as module
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree_flaws import tree_flaws
from tests.conftest import RegistryFolder
from tests.raw_trees import commit_raw


def made(registry: RegistryFolder, raw: bytes) -> str:
    """The id of a tree object of exactly these bytes."""
    words = ["git", "hash-object", "-t", "tree", "--literally", "-w", "--stdin"]
    done = subprocess.run(words, cwd=registry.root, input=raw, check=True, capture_output=True)
    return done.stdout.decode().strip()


def entry(name: str, object_id: str, mode: str = "40000") -> bytes:
    return f"{mode} {name}\0".encode() + bytes.fromhex(object_id)


def test_what_the_base_has_is_not_this_changes_fault(registry: RegistryFolder) -> None:
    commit_raw(registry.root, [{"at": "registry/workflows/hello/9.9.9", "entries": []}])
    base = registry.git("rev-parse", "HEAD")
    commit_raw(registry.root, [{"at": "note", "mode": "100644", "text": "x"}])
    repository = Repository(registry.root)
    assert tree_flaws(repository, base, registry.git("rev-parse", "HEAD")) == ()


def test_a_few_trees_that_would_be_millions_of_files_are_not_walked(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ENTRIES", 500)
    blob = registry.git("rev-parse", "HEAD:registry/registry.yaml")
    tree = made(registry, entry("a", blob, "100644"))
    for _ in range(30):
        tree = made(registry, entry("a", tree) + entry("b", tree))
    repository = Repository(registry.root)
    (flaw,) = tree_flaws(repository, repository.commit("main"), tree)
    assert "more than 500 files" in flaw.reason


def test_a_pit_of_folders_is_not_followed_down(registry: RegistryFolder) -> None:
    blob = registry.git("rev-parse", "HEAD:registry/registry.yaml")
    tree = made(registry, entry("a", blob, "100644"))
    for _ in range(70):
        tree = made(registry, entry("a", tree))
    repository = Repository(registry.root)
    (flaw,) = tree_flaws(repository, repository.commit("main"), tree)
    assert "folders deep" in flaw.reason


def test_an_object_that_is_missing_is_reported(registry: RegistryFolder) -> None:
    tree = made(registry, entry("a", "1" * 40, "100644") + entry("b", "2" * 40))
    repository = Repository(registry.root)
    reasons = {
        flaw.path: flaw.reason for flaw in tree_flaws(repository, repository.commit("main"), tree)
    }
    assert reasons == dict.fromkeys(("a", "b"), "names an object that is missing")


@pytest.mark.parametrize("raw", [b"100644 a\0short", b"nonsense", b"100644 \0" + b"x" * 20])
def test_bytes_that_are_no_tree_are_reported(registry: RegistryFolder, raw: bytes) -> None:
    top = made(registry, entry("below", made(registry, raw)))
    repository = Repository(registry.root)
    (flaw,) = tree_flaws(repository, repository.commit("main"), top)
    assert (flaw.path, flaw.reason) == ("below", "is a tree object that can't be read")
