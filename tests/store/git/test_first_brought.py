"""When a version's bytes first came to its line."""

from __future__ import annotations

import pytest

from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.first_brought import first_brought
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

CASSETTE = "tests/cassettes.json"


def brought(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch, version: str, day: str, content: str
) -> None:
    file = registry.lay("hello", version) / CASSETTE
    file.parent.mkdir(exist_ok=True)
    file.write_text(content)
    monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00+0000")
    registry.commit(f"Publish hello {version}")


def test_what_is_taken_over_from_an_earlier_version_is_as_old_as_there(
    registry: RegistryFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(registry, monkeypatch, "1.1.0", "2024-02-01", "old")
    brought(registry, monkeypatch, "1.2.0", "2024-02-10", "old")
    brought(registry, monkeypatch, "1.3.0", "2024-02-20", "new")
    repository = Repository(registry.root)
    tree = GitTree(repository, repository.commit("HEAD"))
    found = {v: first_brought(tree, "hello", v, CASSETTE) for v in ("1.1.0", "1.2.0", "1.3.0")}
    assert [found[v][:10] for v in sorted(found)] == ["2024-02-01", "2024-02-01", "2024-02-20"]
    assert first_brought(tree, "hello", "1.0.0", CASSETTE) == ""
    (repository.git_dir / "shallow").write_text(f"{tree.tree}\n")
    assert first_brought(tree, "hello", "1.3.0", CASSETTE) == ""
