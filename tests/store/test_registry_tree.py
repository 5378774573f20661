"""A registry's files by its folder: checked out, or only in git."""

from __future__ import annotations

import subprocess
from pathlib import Path

from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree
from tests.conftest import RegistryFolder


def test_a_bare_repository_and_a_clone_without_files_are_registries(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    wanted = registry_tree(registry.root).read(paths.REGISTRY_FILE)
    for name, word in (("bare.git", "--bare"), ("empty", "--no-checkout")):
        folder = tmp_path / name
        subprocess.run(["git", "clone", "-q", word, str(registry.root), str(folder)], check=True)
        assert holds_registry(folder)
        assert registry_tree(folder).read(paths.REGISTRY_FILE) == wanted


def test_other_folders_are_none(registry: RegistryFolder, tmp_path: Path) -> None:
    inside = registry.root / "deep"
    inside.mkdir()
    empty = tmp_path / "empty"
    subprocess.run(["git", "init", "-q", str(empty)], check=True)
    for folder in (inside, empty, tmp_path / "nowhere"):
        assert not holds_registry(folder)
