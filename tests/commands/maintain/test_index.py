"""`index` and `remove` touch what is the registry's, and nothing that lies beside it or behind a link."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.maintain.index import index
from registry_tool.commands.maintain.yank import remove
from registry_tool.core.errors import RegistryError, UsageError
from tests.conftest import RegistryFolder


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry()
    made.add("hello", "1.0.0")
    made.add("hello", "1.1.0")
    made.add("caller", "1.0.0", hello="^1.0.0")
    return made


def test_only_documents_that_index_wrote_are_removed(registry: RegistryFolder) -> None:
    index(registry.root)
    folder = registry.root / "registry/metadata/dependents"
    assert (folder / "hello.json").is_file()
    (folder / "notes.json").write_text('{"mine": 1}')
    (folder / "notes.txt").write_text("mine")
    shutil.rmtree(registry.root / "registry/workflows/caller")
    result = index(registry.root)
    assert "registry/metadata/dependents/hello.json" in result.stale
    assert sorted(path.name for path in folder.iterdir()) == ["notes.json", "notes.txt"]


def test_nothing_is_written_behind_a_link(registry: RegistryFolder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (registry.root / "indexes").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RegistryError, match="by a link"):
        index(registry.root)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nothing_is_removed_behind_a_link(registry: RegistryFolder, tmp_path: Path) -> None:
    line = registry.root / "registry/workflows/hello"
    shutil.move(line / "1.1.0", tmp_path / "mine")
    (line / "1.1.0").symlink_to(tmp_path / "mine")
    with pytest.raises(UsageError, match="not a published version"):
        remove(registry.root, "hello:1.1.0", "a court asked")
    shutil.move(line, tmp_path / "line")
    line.symlink_to(tmp_path / "line")
    with pytest.raises(RegistryError, match="by a link"):
        remove(registry.root, "hello:1.0.0", "a court asked")
    assert (tmp_path / "line/1.0.0/manifest.yaml").is_file()
    assert (tmp_path / "mine/manifest.yaml").is_file()
    assert "tombstones" not in (tmp_path / "line/owners.yaml").read_text()
