"""Where a repository's parts stand; looked up once, and anew where another takes its place."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git import locations
from registry_tool.store.git.locations import RepositoryPaths, places_of
from tests.conftest import RegistryFolder


@pytest.fixture
def clone(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """A repository with a commit."""
    return make_registry(git=True)


def test_a_folder_inside_has_its_clone_s_parts(clone: RegistryFolder) -> None:
    here = RepositoryPaths(clone.root / ".git", clone.root / ".git", clone.root)
    assert places_of(clone.root) == places_of(clone.root / "registry") == here


def test_a_work_tree_shares_its_clone_s_objects(clone: RegistryFolder, tmp_path: Path) -> None:
    clone.git("worktree", "add", "--quiet", str(tmp_path / "other"))
    found = places_of(tmp_path / "other")
    assert found.own == clone.root / ".git/worktrees/other"
    assert (found.common.resolve(), found.work_tree) == (clone.root / ".git", tmp_path / "other")


def test_a_bare_repository_has_no_work_tree(clone: RegistryFolder, tmp_path: Path) -> None:
    clone.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert places_of(tmp_path / "bare.git").work_tree is None


def test_a_clone_is_looked_up_once_and_again_when_another_takes_its_place(
    clone: RegistryFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Path] = []

    def look(folder: Path) -> RepositoryPaths:
        looks.append(folder)
        return RepositoryPaths(folder, folder, folder)

    monkeypatch.setattr(locations, "_ordinary", look)
    monkeypatch.setattr(locations, "_KNOWN", {})
    for _ in range(3):
        places_of(clone.root)
    assert len(looks) == 1
    (clone.root / ".git").rename(tmp_path / "aside")
    shutil.copytree(tmp_path / "aside", clone.root / ".git")
    places_of(clone.root)
    assert len(looks) == 2


@pytest.mark.parametrize("name", [".", "nowhere"])
def test_where_there_is_no_repository_the_way_out_is_reported(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError, match="not a git repository") as error:
        places_of(tmp_path / name)
    assert "git init" in error.value.hint


@pytest.mark.parametrize(
    ("settings", "is_plain"),
    [
        ("[core]\n\tbare = true\n", True),
        ("[core]\n\tbare = true\n[include]\n\tpath = /elsewhere\n", False),
        ("[core]\n\tbare = true\n\tworktree = /elsewhere\n", False),
        ("[core]\n\tbare = true\n[core]\n\tbare\n", False),
        ("[core]\n\tbare = false\n", False),
    ],
)
def test_a_plain_bare_repository_is_known_without_asking(
    tmp_path: Path, settings: str, is_plain: bool
) -> None:
    for name in ("objects", "refs"):
        (tmp_path / name).mkdir()
    (tmp_path / "HEAD").write_text("ref: refs/heads/main\n")
    (tmp_path / "config").write_text(settings)
    assert locations._bare(tmp_path) == (
        RepositoryPaths(tmp_path, tmp_path, None) if is_plain else None
    )
