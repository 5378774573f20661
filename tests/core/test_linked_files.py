from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.linked_files import link, link_all, put, remove


def test_files_are_the_same_or_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one/deep").mkdir(parents=True)
    (tmp_path / "one/deep/a").write_text("1")
    (tmp_path / "two").mkdir()
    link_all(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one/deep/a").samefile(tmp_path / "two/deep/a")

    def refuses(self: Path, target: Path) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuses)
    link(tmp_path / "one/deep/a", tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "1"
    assert not (tmp_path / "one/deep/a").samefile(tmp_path / "copy")


def test_a_file_is_put_again_and_again_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("new")
    for _ in range(2):
        put(tmp_path / "a", tmp_path / "below/a")
    assert (tmp_path / "below/a").read_text() == "new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "below"]
    remove(tmp_path, "below/a")
    remove(tmp_path, "below/a")
    remove(tmp_path, "a/no/folder")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
