"""Files laid on a tree are what a folder with those files would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.overlay_tree import EmptyTree, OverlayTree
from registry_tool.store.tree import FolderTree, TreeFile, blob_id

BASE = {"a/b.txt": b"old", "a/c/d.txt": b"d", "z.txt": b"z"}
WRITTEN = {"a/b.txt": b"new", "a/c/e.txt": b"e", "new/deep/f.txt": b"f"}
PREFIXES = ["a", "a/c", "new", "new/deep", "nothing", "a/b.txt"]


def folder(root: Path, *parts: dict[str, bytes]) -> FolderTree:
    for part in parts:
        for path, data in part.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
    return FolderTree(root)


@pytest.fixture
def laid(tmp_path: Path) -> tuple[OverlayTree, FolderTree]:
    """Files on top of a folder, and the folder that holds both."""
    written = {path: ("100644", data, len(data)) for path, data in WRITTEN.items()}
    both = folder(tmp_path / "both", BASE, WRITTEN)
    return OverlayTree(folder(tmp_path / "base", BASE), written), both


@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_lists_and_answers_like_the_folder(
    laid: tuple[OverlayTree, FolderTree], prefix: str
) -> None:
    tree, both = laid
    assert list(tree.files(prefix)) == list(both.files(prefix))
    assert tree.folders(prefix) == both.folders(prefix)
    assert (tree.has(prefix), tree.mode(prefix)) == (both.has(prefix), both.mode(prefix))


def test_it_reads_what_was_written_else_what_was_there(
    laid: tuple[OverlayTree, FolderTree],
) -> None:
    tree, _ = laid
    for path, data in {**BASE, **WRITTEN}.items():
        assert (tree.read(path), tree.size(path)) == (data, len(data))
        assert tree.object_id(path) == blob_id(data)
    with pytest.raises(NotFoundError):
        tree.read("nothing")
    with pytest.raises(NotFoundError):
        tree.size("nothing")


def test_a_size_may_be_told_without_the_bytes() -> None:
    tree = OverlayTree(EmptyTree(), {"huge": ("100755", b"", 2**40)})
    assert (tree.size("huge"), tree.mode("huge")) == (2**40, "100755")
    assert list(tree.files("")) == []  # the root is asked for by the names of its folders


def test_a_folder_s_id_changes_with_what_is_written_and_with_nothing_else(tmp_path: Path) -> None:
    base = folder(tmp_path, BASE)

    def laid_on(**written: bytes) -> OverlayTree:
        files = {f"a/c/{name}": ("100644", data, len(data)) for name, data in written.items()}
        return OverlayTree(base, files)

    one, same, other = laid_on(x=b"1"), laid_on(x=b"1"), laid_on(x=b"2")
    for path in ("a", "a/c"):
        assert one.object_id(path) == same.object_id(path) != other.object_id(path)
        assert one.object_id(path) != base.object_id(path)
    assert one.object_id("nothing") == ""
    assert laid_on().object_id("a") == base.object_id("a")


def test_the_empty_tree_holds_nothing() -> None:
    tree = EmptyTree()
    assert (list(tree.files("a")), tree.folders("a"), tree.has("a")) == ([], [], False)
    assert (tree.mode("a"), tree.object_id("a")) == ("", "")
    for ask in (tree.read, tree.size):
        with pytest.raises(NotFoundError, match="no such file"):
            ask("a")
    assert list(OverlayTree(tree, {"a/b": ("100644", b"x", 1)}).files("a")) == [
        TreeFile("a/b", "100644")
    ]
