"""What is only read through an API looks like the tree behind it, as far as versions go."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.reader_tree import ReaderTree
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder

VERSION = "registry/workflows/a/1.0.0"


class Counting(TreeReader):
    """Counts the packages that are fetched."""

    fetched = 0

    def files(self, candidate: Candidate) -> Mapping[str, bytes]:
        """A version's files."""
        self.fetched += 1
        return super().files(candidate)


@pytest.fixture
def trees(make_registry: Callable[..., RegistryFolder]) -> tuple[ReaderTree, FolderTree, Counting]:
    made = make_registry()
    for name, version in (("a", "1.0.0"), ("a", "1.1.0"), ("b", "1.0.0")):
        made.lay(name, version)
    tree = FolderTree(made.root)
    reader = Counting(tree, "there")
    return ReaderTree(reader), tree, reader


@pytest.mark.parametrize(
    "path",
    [
        *("registry/workflows", "registry/workflows/a", VERSION, f"{VERSION}/docs"),
        *(f"{VERSION}/manifest.yaml", f"{VERSION}/docs/README.md", f"{VERSION}/nothing"),
        *("registry/workflows/none", "registry/workflows/a/9.9.9"),
    ],
)
def test_versions_and_their_files_look_alike(
    trees: tuple[ReaderTree, FolderTree, Counting], path: str
) -> None:
    far, near, _ = trees
    assert (far.has(path), far.mode(path)) == (near.has(path), near.mode(path))
    if path.count("/") < 3:
        assert far.folders(path) == near.folders(path)
    else:
        assert list(far.files(path)) == list(near.files(path))
    if near.mode(path) == "100644":
        assert (far.read(path), far.size(path)) == (near.read(path), near.size(path))
        assert far.object_id(path) == near.object_id(path)


def test_a_package_is_fetched_once_and_only_for_its_files(
    trees: tuple[ReaderTree, FolderTree, Counting],
) -> None:
    far, _, reader = trees
    far.folders("registry/workflows")
    far.has("registry/workflows/a")
    assert reader.fetched == 0
    far.read(f"{VERSION}/manifest.yaml")
    list(far.files(VERSION))
    assert reader.fetched == 1


@pytest.mark.parametrize("path", ["registry/registry.yaml", VERSION, f"{VERSION}/nothing"])
def test_what_is_no_file_of_a_version_is_not_there(
    trees: tuple[ReaderTree, FolderTree, Counting], path: str
) -> None:
    with pytest.raises(NotFoundError, match="no such file"):
        trees[0].read(path)
    assert trees[0].object_id("registry/workflows/none") == ""
