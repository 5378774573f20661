"""A project becomes a package: the same bytes every time, and over nobody's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.build import build_package
from registry_tool.commands.author.init import init
from registry_tool.core.errors import UsageError


def test_init_and_build_overwrite_nobodys_file(project: Path, tmp_path: Path) -> None:
    (tmp_path / "other/docs").mkdir(parents=True)
    (tmp_path / "other/docs/README.md").write_text("mine")
    with pytest.raises(UsageError, match="the folder is not empty \\(docs\\); nothing was written"):
        init("other", "text", tmp_path / "other")
    package = build_package(project, tmp_path / "dist").path
    build_package(project, tmp_path / "dist")
    package.write_text("mine")
    with pytest.raises(UsageError, match="no package"):
        build_package(project, tmp_path / "dist")
    assert package.read_text() == "mine"


def test_a_projects_own_settings_are_no_part_of_its_version(project: Path, tmp_path: Path) -> None:
    before = build_package(project, tmp_path / "before").digest
    (project / "puppy.toml").write_text('registry = "../mine"\n')
    assert build_package(project, tmp_path / "after").digest == before
