"""Objects made here are those that git itself makes, and git's own check finds nothing to say about them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.repository import Repository

WHO = Identity("Ada", "ada@example.com", "2026-02-28T23:59:59+05:30")
NAMES = st.sampled_from(["a", "a.b", "a-b", "A", "b", "zażółć", "c d"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
CHANGES = st.dictionaries(PATHS, st.none() | st.binary(max_size=40), max_size=8)


@pytest.fixture(scope="module", params=["sha1", "sha256"])
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp(request.param)
    git(folder, "init", "--quiet", f"--object-format={request.param}")
    return Repository(folder)


def git(folder: Path, *words: str, stdin: bytes = b"") -> str:
    words = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words)
    done = subprocess.run(["git", *words], cwd=folder, input=stdin, check=True, capture_output=True)
    return done.stdout.decode().strip()


def apart(changes: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """Without what is written below another file that is written: git has no answer to that."""
    written = [path for path, data in changes.items() if data is not None]
    return {
        path: data
        for path, data in changes.items()
        if not any(path.startswith(f"{other}/") for other in written)
    }


def files(repository: Repository, tree: str) -> dict[str, bytes]:
    """What a tree holds, asked of git."""
    listed = git(repository.git_dir, "ls-tree", "-r", "-z", tree).split("\0")
    pairs = (line.split("\t", 1) for line in listed if line)
    return {path: repository.object(head.split()[2]) for head, path in pairs}


def wanted(before: Mapping[str, bytes], changes: Mapping[str, bytes | None]) -> dict[str, bytes]:
    """The files that changes lead to, by the plainest reading."""
    after = {path: data for path, data in before.items() if changes.get(path, b"") is not None}
    for path, data in changes.items():
        if data is not None:
            kept = {
                other: held
                for other, held in after.items()
                if not other.startswith(f"{path}/") and not path.startswith(f"{other}/")
            }
            after = {**kept, path: data}
    return after


@settings(max_examples=40)
@given(CHANGES.map(apart), CHANGES.map(apart))
def test_a_tree_holds_what_is_wanted_as_git_would_write_it(
    make: Repository, first: dict[str, bytes | None], then: dict[str, bytes | None]
) -> None:
    one = make.commit_with(EMPTY_TREE, first, [], "One", WHO)
    two = make.commit_with(one, then, [one], "Two\n", WHO)
    assert files(make, two) == wanted(wanted({}, first), then)
    listed = git(make.git_dir, "ls-tree", "-z", two).encode()
    assert git(make.git_dir, "mktree", "-z", stdin=listed) == make.tree_id(two)


def test_git_finds_nothing_to_say(make: Repository) -> None:
    commit = make.commit_with(
        EMPTY_TREE, {"a/b": b"x" * 100_000, "a.b": b"", "c": b"1"}, [], "", WHO
    )
    result = git(make.git_dir, "fsck", "--strict", "--no-dangling", commit)
    assert result == ""
    assert make.tree_with(commit, {"a/b": None, "a.b": None, "c": None}) == git(
        make.git_dir, "mktree"
    )


@pytest.mark.parametrize("message", ["One line", "Two\n\nlines\n", "", "Größe 大小\n"])
@pytest.mark.parametrize(
    "date", ["2026-11-28T12:00:00Z", "2026-01-01T00:00:00+08:00", "2026-11-28T12:00:00.5-03:30"]
)
@pytest.mark.parametrize("name", ["Ada", " .Ada <Lovelace>, ", "Zoë"])
def test_a_commit_is_the_one_that_git_makes(
    make: Repository, message: str, date: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = Identity(name, "ada@example.com", date)
    first = make.commit_with(EMPTY_TREE, {"a": b"1"}, [], message, who)
    second = make.commit_with(first, {"a": b"2"}, [first], message, who)
    for whose in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{whose}_NAME", who.name)
        monkeypatch.setenv(f"GIT_{whose}_EMAIL", who.email)
        monkeypatch.setenv(f"GIT_{whose}_DATE", who.date)
    tree = make.tree_id(second)
    theirs = git(make.git_dir, "commit-tree", tree, "-p", first, "-F", "-", stdin=message.encode())
    assert second == theirs


@pytest.mark.parametrize(
    "path", ["a//b", "/a", "a/", "", "../a", "a/./b", ".git/config", "a/.GIT/x", "git~1", "a\0b"]
)
def test_what_is_no_path_is_refused(make: Repository, path: str) -> None:
    with pytest.raises(RegistryError, match="git takes no file"):
        make.commit_with(EMPTY_TREE, {path: b""}, [], "No", WHO)


def test_a_commit_costs_no_process_but_the_reader(registry_clone: Callable[[], Repository]) -> None:
    repository = registry_clone()
    base = repository.commit("HEAD")
    before = repository.calls
    many = {f"many/{n}": b"x" for n in range(100)}
    repository.commit_with(base, many, [base], "Many\n", WHO)
    assert repository.calls - before <= 1  # the reader of old trees
    assert GitTree(repository, base).tree == base


@pytest.fixture
def registry_clone(tmp_path: Path) -> Callable[[], Repository]:
    def made() -> Repository:
        git(tmp_path, "init", "--quiet")
        git(tmp_path, "commit", "--quiet", "--allow-empty", "-m", "Start")
        return Repository(tmp_path)

    return made
