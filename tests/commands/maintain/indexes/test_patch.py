"""Index documents that were brought along equal those that are computed from everything, byte for byte."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_tool.catalogue import dependency_documents
from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.index import stale_documents
from registry_tool.commands.maintain.indexes.patch import index_patch
from registry_tool.commands.maintain.output import full_build
from registry_tool.commands.maintain.output.difference import difference
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.output.state import States
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.objects import EMPTY_TREE
from tests.commands.maintain.histories import WHO, History, history


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indexes") / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    return folder


@pytest.fixture(autouse=True)
def without_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages play no part here."""
    for name in ("fixed_files", "write_line"):
        monkeypatch.setattr(full_build, name, lambda *_: iter(()))


def computed(made: History) -> dict[str, bytes | None]:
    return stale_documents(GitTree(made.repository, made.commit))


def source(made: History) -> OutputSource:
    return OutputSource(GitTree(made.repository, made.commit), made.commit, made.commit)


@pytest.mark.parametrize("whole", [3, 20_000])
@settings(max_examples=4, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), steps=st.integers(2, 8))
def test_documents_follow(
    repository: Path, monkeypatch: pytest.MonkeyPatch, whole: int, seed: int, steps: int
) -> None:
    """Those of dependencies, too, where they are one document and where they are in parts."""
    monkeypatch.setattr(dependency_documents, "WHOLE", whole)
    made = history(repository, seed)
    for _ in range(steps):
        old, before = made.commit, computed(made)
        output = dict(output_files(source(made)))
        held = made.repository.commit_with(EMPTY_TREE, before, [], "Indexes", WHO)
        name = made.step()
        found = difference(made.repository, old, made.commit)
        if found is None:
            continue
        documents = GitTree(made.repository, held)
        patch = index_patch(source(made), States(output.get, list), old, found, documents)
        if patch is None:
            assert len(made.versions()) > whole >= 3, "the first version beyond makes them parts"
            continue
        assert not [path for path, data in patch.items() if before.get(path) == data], name
        after = {path: data for path, data in {**before, **patch}.items() if data is not None}
        assert after == computed(made), name


def test_each_document_is_read_once(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hold every workflow: a second look at one costs as much as all the rest of a publication."""
    made = history(repository, 7)
    for _ in range(12):
        made.step()
    read: list[str] = []
    real = GitTree.read

    def counted(tree: GitTree, path: str) -> bytes:
        read.append(path)
        return real(tree, path)

    old, output = made.commit, dict(output_files(source(made)))
    held = made.repository.commit_with(EMPTY_TREE, computed(made), [], "Indexes", WHO)
    patches = []
    for _ in range(6):
        made.step()
        found = difference(made.repository, old, made.commit)
        if found is None or not found.added:
            continue
        monkeypatch.setattr(GitTree, "read", counted)
        documents = GitTree(made.repository, held)
        patches.append(index_patch(source(made), States(output.get, list), old, found, documents))
        monkeypatch.setattr(GitTree, "read", real)
        shared = [
            path for path in read if path.startswith(("indexes/", "registry/metadata/depend"))
        ]
        assert sorted(shared) == sorted(set(shared))
        read.clear()
    assert any(patches)
