from __future__ import annotations

import pytest

from registry_tool.core.git_names import is_git_file, is_git_folder, is_special_to_git


@pytest.mark.parametrize(
    "name",
    [
        ".git",
        ".GIT",
        "git~1",
        ".git.",
        ".git ",
        ".git::$INDEX_ALLOCATION",
        ".g\u200cit",
        "\ufeff.git",
        "．git",
    ],
)
def test_spellings_of_the_folder(name: str) -> None:
    assert is_git_folder(name)
    assert is_special_to_git(name)


@pytest.mark.parametrize(
    "name", [".gitmodules", ".GitAttributes", "GITMOD~1", "gi7eba~1", ".git\u200dignore"]
)
def test_names_that_git_obeys(name: str) -> None:
    assert is_special_to_git(name)
    assert not is_git_folder(name)


@pytest.mark.parametrize(
    "name", ["git", "digit", "legit.txt", "a.git", "gitty.md", "git-hub", "~1"]
)
def test_what_only_looks_alike(name: str) -> None:
    assert not is_special_to_git(name)


@pytest.mark.parametrize(
    "name", [".gitmodules", ".GITATTRIBUTES", "gitign~1", "gi7d29~1", ".git\u200dmodules"]
)
def test_files_that_git_reads(name: str) -> None:
    assert is_git_file(name)
    assert not is_git_folder(name)


@pytest.mark.parametrize("name", [".github", ".gitlab-ci.yml", "gitmodules", ".git"])
def test_other_names_are_no_files_that_git_reads(name: str) -> None:
    assert not is_git_file(name)
