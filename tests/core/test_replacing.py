from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core import replacing as module
from registry_tool.core.replacing import replacing, write_together


def fill(folder: Path, text: str) -> None:
    with replacing(folder) as new:
        (new / "a").write_text(text)


@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_is_replaced_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, at_once: bool
) -> None:
    if not at_once:  # as where the system knows no exchange
        monkeypatch.setattr(module, "exchange_or_busy", lambda *_: False)
    folder = tmp_path / "deep/site"
    fill(folder, "old")
    (folder / "stranger").touch()
    fill(folder, "new")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a": "new"}
    assert [path.name for path in folder.parent.iterdir()] == ["site"]


def test_after_an_error_nothing_has_changed(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    fill(folder, "old")
    with pytest.raises(ValueError, match="no"), replacing(folder) as new:
        (new / "a").write_text("new")
        raise ValueError("no")
    assert (folder / "a").read_text() == "old"
    assert list(tmp_path.iterdir()) == [folder]


def test_what_the_dead_left_goes_and_what_the_living_hold_stays(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    (tmp_path / ".site.new-0123456789abcdef").mkdir()
    (tmp_path / ".site.new-0123456789abcdef/a").touch()
    with replacing(folder) as first:
        (first / "a").write_text("first")
        fill(folder, "second")
        assert first.is_dir()
    assert (folder / "a").read_text() == "first"
    assert list(tmp_path.iterdir()) == [folder]


def test_what_only_looks_left_over_stays(tmp_path: Path) -> None:
    for name in (".site.new-0123", ".site.new-plans", ".site.new-0123456789ABCDEF"):
        (tmp_path / name).mkdir()
    fill(tmp_path / "site", "new")
    write_together({tmp_path / "site/b": b"1"})
    assert len(list(tmp_path.iterdir())) == 4


def test_a_link_leads_to_the_folder_that_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "site"
    link.symlink_to(tmp_path / "real")
    fill(link, "new")
    assert link.is_symlink()
    assert (tmp_path / "real/a").read_text() == "new"


def test_files_are_written_together(tmp_path: Path) -> None:
    one, other = tmp_path / "a/one", tmp_path / "b/other"
    write_together({one: b"1", other: b"2"})
    (tmp_path / "a/.one.new-0123456789abcdef").write_text("left by a killed one")
    write_together({one: b"3"})
    assert (one.read_bytes(), other.read_bytes()) == (b"3", b"2")
    assert [path.name for path in one.parent.iterdir()] == ["one"]


def test_none_is_written_where_one_cannot_be(tmp_path: Path) -> None:
    one = tmp_path / "one"
    one.write_text("old")
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"exists|directory"):
        write_together({one: b"new", tmp_path / "file/other": b"new"})
    assert one.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "one"]
