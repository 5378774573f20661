from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.publish import publish
from registry_tool.core.finding import FindingsError
from tests.conftest import RegistryFolder


def test_stale_indexes_are_committed_and_the_output_is_built(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    result = publish(registry.root, tmp_path / "out", branch="main")
    assert result.stale == (
        "indexes/by-author.json",
        "indexes/by-category.json",
        "indexes/by-tags.json",
        "registry/metadata/dependencies.json",
    )
    index = json.loads(registry.git("show", "main:indexes/by-tags.json"))
    assert [workflow["name"] for workflow in index["greeting"]] == ["hello"]
    assert (tmp_path / "out/api/v1/packages/hello/hello-1.0.0.wfpkg").is_file()
    registry.git("reset", "--quiet", "--hard", "main")
    again = publish(registry.root, tmp_path / "out", branch="main")
    assert (again.stale, again.commit) == ((), result.commit)


def test_a_broken_version_publishes_nothing(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    folder = registry.add("hello", "1.0.0")
    (folder / "workflow.json").write_text("{}")
    before = registry.commit("Break it")
    with pytest.raises(FindingsError, match=r"compiled|workflow\.json"):
        publish(registry.root, tmp_path / "out", branch="main")
    assert registry.git("rev-parse", "main") == before
    assert not (tmp_path / "out").exists()


def test_the_branch_is_published_and_not_what_lies_around(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    commit = registry.commit("Publish hello")
    registry.add("hello", "1.1.0")  # not committed
    publish(registry.root, tmp_path / "out", branch="main")
    api = tmp_path / "out/api/v1"
    assert json.loads((api / "index.json").read_text())["commit"] == commit
    assert [path.name for path in (api / "packages/hello").iterdir()] == ["hello-1.0.0.wfpkg"]
