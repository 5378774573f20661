"""Which workflows differ between two commits."""

from __future__ import annotations

from registry_tool.commands.live.summaries import changed_names
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def test_names_are_those_of_changed_files_and_numbers_concern_all(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    start = registry.git("rev-parse", "HEAD")
    registry.add("hello", "1.0.0")
    (registry.root / "README.md").write_text("Hello.\n")
    (registry.root / "registry/workflows/notes.txt").write_text("Beside workflows.\n")
    added = registry.commit("Publish")
    assert changed_names(repository, start, added) == frozenset({"hello"})
    assert changed_names(repository, added, added) == frozenset()
    (registry.root / "registry/metadata").mkdir()
    (registry.root / "registry/metadata/ratings.json").write_text("{}\n")
    assert changed_names(repository, added, registry.commit("Rate")) is None
