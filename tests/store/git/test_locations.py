from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry_tool.store.git.locations import _look, _ordinary, places_of


def git(folder: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    folder = tmp_path / "bare.git" / "clone"  # a name that reads like a setting
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    git(folder, "remote", "add", "origin", "https://example.com/bare.git")
    return folder


def test_of_an_ordinary_clone_both_ways_say_the_same(clone: Path) -> None:
    assert _ordinary(clone) is not None
    assert _ordinary(clone / ".." / "clone") == _look(clone)


@pytest.mark.parametrize(
    "setting",
    [
        ("core.worktree", ".."),
        ("core.bare", "true"),
        ("include.path", "more"),
        ("extensions.worktreeConfig", "true"),
    ],
)
def test_what_may_move_its_parts_is_left_to_gitpython(
    clone: Path, setting: tuple[str, str]
) -> None:
    git(clone, "config", *setting)
    assert _ordinary(clone) is None
    assert places_of(clone) == _look(clone)


def test_other_kinds_of_repository_are_left_to_gitpython(clone: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "alone.git")
    (clone / "below").mkdir()
    assert [_ordinary(each) for each in (tmp_path / "alone.git", clone / "below")] == [None, None]
    assert places_of(clone / "below").work_tree == clone


def test_without_git_gitpython_says_so(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(clone))
    assert _ordinary(clone) is None
