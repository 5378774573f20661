from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.publish import publish
from registry_tool.core.finding import FindingsError


def test_stale_indexes_are_committed_and_the_output_is_built(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    registry.commit("Publish hello")  # type: ignore[attr-defined]
    result = publish(registry.root, tmp_path / "out", branch="main")  # type: ignore[attr-defined]
    assert result.stale == (
        "indexes/by-author.json",
        "indexes/by-category.json",
        "indexes/by-tags.json",
        "registry/metadata/dependencies.json",
    )
    index = json.loads(registry.git("show", "main:indexes/by-tags.json"))  # type: ignore[attr-defined]
    assert [workflow["name"] for workflow in index["greeting"]] == ["hello"]
    assert (tmp_path / "out/api/v1/packages/hello/hello-1.0.0.wfpkg").is_file()
    registry.git("reset", "--quiet", "--hard", "main")  # type: ignore[attr-defined]
    again = publish(registry.root, tmp_path / "out", branch="main")  # type: ignore[attr-defined]
    assert (again.stale, again.commit) == ((), result.commit)


def test_a_broken_version_publishes_nothing(
    make_registry: Callable[..., object], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    folder = registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    (folder / "workflow.json").write_text("{}")
    before = registry.commit("Break it")  # type: ignore[attr-defined]
    with pytest.raises(FindingsError, match=r"compiled|workflow\.json"):
        publish(registry.root, tmp_path / "out", branch="main")  # type: ignore[attr-defined]
    assert registry.git("rev-parse", "main") == before  # type: ignore[attr-defined]
    assert not (tmp_path / "out").exists()
