"""Packages and a lock into a project, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.consume.install import install
from registry_tool.core.errors import RegistryError
from tests.conftest import RegistryFolder


def test_packages_are_installed_neither_into_git_nor_behind_a_link(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project/.workflows").symlink_to(tmp_path / "elsewhere")
    for into in (registry.root / ".git/x", tmp_path / "project"):
        with pytest.raises(RegistryError, match=r"inside git|by a link"):
            install(["hello"], str(registry.root), into)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not (registry.root / ".git/x").exists()
