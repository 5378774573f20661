"""A folder, listed and read as git would store it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.tree import FolderTree, TreeFile


def test_files_are_sorted_by_their_whole_path(tmp_path: Path) -> None:
    for path in ("w/a/b", "w/a-b", "w/a.c", "w/a0", "w/B"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    found = [file.path for file in FolderTree(tmp_path).files("w")]
    assert found == ["w/B", "w/a-b", "w/a.c", "w/a/b", "w/a0"]


def test_links_are_reported_and_never_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key").write_text("a long secret")
    (tmp_path / "w").mkdir()
    (tmp_path / "w/folder").symlink_to("../secret")
    (tmp_path / "w/file").symlink_to("../secret/key")
    tree = FolderTree(tmp_path)
    assert list(tree.files("w")) == [TreeFile("w/file", "120000"), TreeFile("w/folder", "120000")]
    assert tree.read("w/file") == b"../secret/key"
    assert tree.size("w/file") == len(b"../secret/key")


def test_the_owners_executable_bit_is_the_mode(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    for name, mode in (("a", 0o644), ("b", 0o755), ("c", 0o654)):
        (tmp_path / "w" / name).touch()
        (tmp_path / "w" / name).chmod(mode)
    assert [file.mode for file in FolderTree(tmp_path).files("w")] == ["100644", "100755", "100644"]


def test_what_is_not_there(tmp_path: Path) -> None:
    tree = FolderTree(tmp_path)
    assert list(tree.files("nothing")) == []
    for ask in (tree.read, tree.size):
        with pytest.raises(NotFoundError, match=r"nothing/here: can't be read: No such file"):
            ask("nothing/here")
    with pytest.raises(NotFoundError, match="Is a directory"):
        tree.read(".")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "w").mkdir()
    os.mkfifo(tmp_path / "w/pipe")
    tree = FolderTree(tmp_path)
    assert (list(tree.files("w")), tree.has("w/pipe"), tree.object_id("w/pipe")) == ([], False, "")
    with pytest.raises(NotFoundError, match="not a regular file"):
        tree.read("w/pipe")
