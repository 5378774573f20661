"""Objects stored here are whole or not there, and git finds and checks them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.store.git.loose_objects import write_loose

BLOB, WHOLE = "ce013625030ba8dba906f756967f9e9ca394464a", b"blob 6\0hello\n"


@pytest.fixture
def objects(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path / ".git/objects"


def test_git_reads_what_was_written(objects: Path) -> None:
    write_loose(objects, BLOB, WHOLE)
    words = ["git", "-C", objects.parent.parent, "cat-file", "blob", BLOB]
    assert subprocess.run(words, check=True, capture_output=True).stdout == b"hello\n"
    assert (objects / BLOB[:2] / BLOB[2:]).stat().st_mode & 0o777 == 0o444


def test_one_that_is_there_is_kept_and_marked_as_fresh(objects: Path) -> None:
    write_loose(objects, BLOB, WHOLE)
    location = objects / BLOB[:2] / BLOB[2:]
    os.utime(location, (0, 0))
    inode = location.stat().st_ino
    write_loose(objects, BLOB, WHOLE)
    assert (location.stat().st_ino, location.stat().st_mtime > 0) == (inode, True)


def test_a_disk_that_takes_nothing_is_reported_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(RegistryError, match="a git object can't be written: No such file") as error:
        write_loose(tmp_path / "none", BLOB, WHOLE)
    assert error.value.location == str(tmp_path / "none")


def test_nothing_is_left_of_one_that_fails(objects: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, __: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RegistryError, match="No space left"):
        write_loose(objects, BLOB, WHOLE)
    assert not list(objects.glob("tmp_obj_*"))
