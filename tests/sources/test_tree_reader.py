"""A tree as a source reads what it is asked for, and believes no files under another digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.manifest.digest import digest
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.store.tree import FolderTree, TreeFile
from tests.conftest import RegistryFolder


class Counted(FolderTree):
    """A folder that counts what is read of it."""

    reads: tuple[str, ...] = ()

    def read(self, path: str) -> bytes:
        """A file's bytes."""
        self.reads += (path,)
        return super().read(path)

    def files(self, prefix: str) -> Iterator[TreeFile]:
        """Never of all versions."""
        assert prefix.count("/") == 3
        return super().files(prefix)


@pytest.fixture
def tree(make_registry: Callable[..., RegistryFolder]) -> Counted:
    made = make_registry()
    for name, version in (("a", "1.2.0"), ("a", "1.10.0"), ("b", "1.0.0"), ("a", "not-a-version")):
        made.lay(name, version)
    (made.root / "registry/workflows/a/1.2.0/workflow.json").write_text("{")
    return Counted(made.root)


def test_versions_come_in_their_order_and_cost_the_owners_alone(tree: Counted) -> None:
    reader = TreeReader(tree, "here")
    assert [candidate.version for candidate in reader.versions("a")] == ["1.2.0", "1.10.0"]
    assert reader.versions("a") is reader.versions("a")
    assert tree.reads == ("registry/workflows/a/owners.yaml",)
    assert [*reader.versions("../a"), *reader.versions("none")] == []


def test_files_are_read_once_and_hold_their_digest(tree: Counted) -> None:
    reader = TreeReader(tree, "here")
    (candidate,) = reader.versions("b")
    known = reader.with_digest(candidate)
    assert known.digest == digest(reader.files(known))
    assert len(set(tree.reads)) == len(tree.reads)
    with pytest.raises(RegistryError, match=r"the files of b:1\.0\.0 have the digest"):
        reader.files(replace(candidate, digest="sha256:other"))


def test_a_version_that_can_t_be_read_is_an_error_with_its_place(tree: Counted) -> None:
    reader = TreeReader(tree, "here")
    broken = reader.versions("a")[0]
    with pytest.raises(RegistryError) as error:
        reader.requires(broken)
    assert "registry/workflows/a/1.2.0" in str(error.value)
