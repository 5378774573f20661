from __future__ import annotations

import os
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.core.same_file import demand_distinct, leads_into, same_file


def names(file: Path) -> list[Path]:
    (file.parent / "link").symlink_to(file)
    (file.parent / "hard").hardlink_to(file)
    (file.parent / "sub").mkdir()
    spelled = [file.parent / "sub/.." / file.name, Path(os.path.relpath(file))]
    return [file, file.parent / "link", file.parent / "hard", *spelled]


def test_one_file_by_whatever_name(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    for name in names(file):
        assert same_file(name, file)
        with pytest.raises(UsageError, match="--output is the file that is read"):
            demand_distinct(name, "--output", [None, file])
    (tmp_path / "copy").write_text("x")
    assert not same_file(tmp_path / "copy", file)


def test_what_is_not_there_yet_is_reported_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("new")
    assert same_file(tmp_path / "link", tmp_path / "new")
    assert not same_file(tmp_path / "new", tmp_path / "other")
    (tmp_path / "circle").symlink_to("circle")
    assert not same_file(tmp_path / "circle", tmp_path / "new")
    demand_distinct(None, "--output", [tmp_path / "new"])


def test_what_lies_in_a_folder_by_whatever_name(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("ledger")
    for there in (False, True):
        assert leads_into(tmp_path / "link/a", tmp_path / "ledger")
        assert leads_into(tmp_path / "ledger", tmp_path / "link")
        assert not leads_into(tmp_path / "ledger.jsonl", tmp_path / "ledger")
        if not there:
            (tmp_path / "ledger").mkdir()
