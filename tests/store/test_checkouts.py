"""A branch that is written to while somebody has it checked out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.maintain.publish import publish
from registry_tool.core.errors import RegistryError
from registry_tool.store.branch import Branch
from registry_tool.store.checkouts import StaleCheckoutError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

WHO = Identity("Ada", "ada@example.com", "2026-01-01T00:00:00Z")


@pytest.fixture
def clone(tmp_path: Path) -> RegistryFolder:
    made = RegistryFolder(tmp_path / "clone", git=True)
    for name in ("kept", "edited", "staged", "gone", "removed"):
        (made.root / name).write_text("old\n")
    made.commit("Files")
    return made


def write(clone: RegistryFolder, **files: str | None) -> str:
    changes = {name: None if text is None else text.encode() for name, text in files.items()}
    return Branch(Repository(clone.root), "main").write(lambda _: changes, "Write", WHO)


def test_a_publish_leaves_a_clean_checkout(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    publish(registry.root, tmp_path / "out", branch="main")
    assert registry.git("status", "--porcelain") == ""
    assert (registry.root / "indexes/by-tags.json").is_file()
    (registry.root / "more").touch()
    registry.git("add", "more")
    registry.git("commit", "--quiet", "-m", "More")
    assert registry.git("diff", "--name-only", "HEAD~1", "HEAD") == "more"  # nothing is undone


def test_a_locked_checkout_stays_behind_and_the_publisher_says_so(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    (registry.root / ".git/index.lock").touch()
    result = publish(registry.root, tmp_path / "out", branch="main")
    assert result.commit == registry.git("rev-parse", "main")
    assert re.search(r"this checkout of it was not: .*index\.lock.*remove a lock", result.behind)
    assert str(registry.root) in result.behind
    assert (registry.root / ".git/index.lock").exists()


def test_others_come_along_where_one_is_locked(clone: RegistryFolder, tmp_path: Path) -> None:
    clone.git("worktree", "add", "--quiet", "--force", str(tmp_path / "linked"), "main")
    (clone.root / ".git/index.lock").touch()
    with pytest.raises(StaleCheckoutError) as error:
        write(clone, kept="new\n")
    assert error.value.commit == clone.git("rev-parse", "main")
    assert (clone.root / "kept").read_text() == "old\n"
    assert (tmp_path / "linked/kept").read_text() == "new\n"


def test_what_somebody_touched_is_left(clone: RegistryFolder) -> None:
    (clone.root / "edited").write_text("mine\n")
    (clone.root / "staged").write_text("mine\n")
    clone.git("add", "staged")
    (clone.root / "removed").unlink()
    write(
        clone,
        kept="new\n",
        edited="new\n",
        staged="new\n",
        gone=None,
        removed="new\n",
        added="new\n",
    )
    texts = {n: (clone.root / n).read_text() for n in ("kept", "edited", "staged", "added")}
    assert texts == {"kept": "new\n", "edited": "mine\n", "staged": "mine\n", "added": "new\n"}
    assert not (clone.root / "gone").exists()
    state = clone.git("status", "--porcelain").splitlines()
    assert sorted(line.strip() for line in state) == ["D removed", "M  staged", "M edited"]


def test_an_untracked_file_is_never_overwritten(clone: RegistryFolder) -> None:
    (clone.root / "added").write_text("mine\n")
    write(clone, added="new\n")
    assert (clone.root / "added").read_text() == "mine\n"


def test_linked_work_trees_come_along_and_others_stay(
    clone: RegistryFolder, tmp_path: Path
) -> None:
    clone.git("branch", "state")
    clone.git("worktree", "add", "--quiet", str(tmp_path / "linked"), "state")
    write(clone, kept="main\n")
    assert (tmp_path / "linked/kept").read_text() == "old\n"
    Branch(Repository(clone.root), "state").write(lambda _: {"kept": b"state\n"}, "Write", WHO)
    assert (tmp_path / "linked/kept").read_text() == "state\n"
    assert (clone.root / "kept").read_text() == "main\n"
    linked = RegistryFolder.__new__(RegistryFolder)
    linked.root = tmp_path / "linked"
    assert linked.git("status", "--porcelain") == clone.git("status", "--porcelain") == ""


def test_a_detached_head_and_a_bare_repository_have_nothing_to_bring(clone: RegistryFolder) -> None:
    clone.git("checkout", "--quiet", "--detach")
    write(clone, kept="new\n")
    assert (clone.root / "kept").read_text() == "old\n"
    assert clone.git("status", "--porcelain") == ""


def test_no_link_is_followed(clone: RegistryFolder, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").write_text("old\n")
    (clone.root / "folder").symlink_to(tmp_path / "elsewhere")
    write(clone, **{"folder/file": "new\n"})
    assert (tmp_path / "elsewhere/file").read_text() == "old\n"


def test_a_branch_that_is_checked_out_is_not_removed(clone: RegistryFolder) -> None:
    with pytest.raises(RegistryError, match=r"main is checked out.*switch to another branch"):
        Branch(Repository(clone.root), "main").remove()
    assert clone.git("status", "--porcelain") == ""
