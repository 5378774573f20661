"""A clone without its blobs: nothing is fetched while something is judged, and the error says what to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git.objects import COMPLETE
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree_flaws import tree_flaws


def _git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    folder = tmp_path / "whole"
    folder.mkdir()
    _git(folder, "init", "--quiet", "--initial-branch=main")
    for text in ("one", "two"):
        (folder / "file").write_text(text, "utf-8")
        _git(folder, "add", "file")
        _git(folder, "commit", "--quiet", "--message", text)
    _git(folder, "config", "uploadpack.allowFilter", "true")
    return folder


def test_a_partial_clone_is_shown_how_to_become_whole(whole: Path, tmp_path: Path) -> None:
    words = ("clone", "--quiet", "--no-checkout", "--filter=blob:none", whole.as_uri(), "part")
    _git(tmp_path, *words)
    clone = Repository(tmp_path / "part")
    with pytest.raises(NotFoundError) as refused:
        tree_flaws(clone, clone.commit("HEAD^"), clone.commit("HEAD"))
    assert (refused.value.hint, "partial" in refused.value.reason) == (COMPLETE, True)
    _git(tmp_path / "part", *COMPLETE.removeprefix("complete it: git ").split())
    again = Repository(tmp_path / "part")
    assert tree_flaws(again, again.commit("HEAD^"), again.commit("HEAD")) == ()


def test_a_whole_clone_that_lacks_an_object_is_no_partial_one(whole: Path) -> None:
    with pytest.raises(NotFoundError) as refused:
        Repository(whole).object("1" * 40)
    assert not refused.value.hint
