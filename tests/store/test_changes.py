"""What differs between commits, and what a merge would give."""

from __future__ import annotations

import pytest

from registry_tool.store.changes import ABSENT, Merge, changes_between, merged
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def test_every_kind_of_change_is_seen(registry: RegistryFolder) -> None:
    root = registry.root
    before = registry.git("rev-parse", "HEAD")
    folder = root / "registry/workflows/hello/1.0.0"
    (folder / "docs/README.md").unlink()
    (folder / "workflow.json").write_text("{}")
    (folder / "名.txt").write_text("new")
    (folder / "manifest.yaml").unlink()
    (folder / "manifest.yaml").symlink_to("workflow.json")
    after = registry.commit("Change")
    changes = changes_between(Repository(root), before, after)
    kinds = {change.path.rsplit("/", 1)[1]: change.kind for change in changes}
    assert kinds == {
        "README.md": "deleted",
        "workflow.json": "modified",
        "名.txt": "added",
        "manifest.yaml": "retyped",
    }


def test_a_conflict_is_reported_and_nothing_is_touched(registry: RegistryFolder) -> None:
    root = registry.root
    for branch in ("one", "two"):
        registry.git("checkout", "--quiet", "-b", branch, "main")
        (root / "registry/registry.yaml").write_text(f"name: {branch}\n")
        registry.commit(branch)
    repository = Repository(root)
    merge = merged(repository, "one", "two")
    assert merge.conflicts == ("registry/registry.yaml",)
    assert merged(repository, "main", "two").tree
    assert registry.git("status", "--porcelain") == ""


def test_the_first_commit_is_compared_with_nothing(registry: RegistryFolder) -> None:
    first = registry.git("rev-list", "--max-parents=0", "HEAD")
    (change,) = changes_between(Repository(registry.root), "", first)
    assert (change.path, change.kind, change.old_mode) == (
        "registry/registry.yaml",
        "added",
        ABSENT,
    )
    assert change.new_blob == registry.git("rev-parse", f"{first}:registry/registry.yaml")


def test_a_rename_is_a_removal_and_an_addition(registry: RegistryFolder) -> None:
    before = registry.git("rev-parse", "HEAD")
    registry.git("mv", "registry/workflows/hello", "registry/workflows/hallo")
    changes = changes_between(Repository(registry.root), before, registry.commit("Move"))
    gone = {c.path for c in changes if c.kind == "deleted"}
    new = {c.path.replace("hallo", "hello", 1) for c in changes if c.kind == "added"}
    assert gone == new
    assert len(changes) == 2 * len(gone) > 0


def test_only_the_mode_differs(registry: RegistryFolder) -> None:
    before = registry.git("rev-parse", "HEAD")
    (registry.root / "registry/registry.yaml").chmod(0o755)
    (change,) = changes_between(Repository(registry.root), before, registry.commit("Mode"))
    assert (change.kind, change.new_mode) == ("retyped", "100755")
    assert change.old_blob == change.new_blob


def test_a_path_that_is_no_utf_8_is_shown_with_escapes(registry: RegistryFolder) -> None:
    before = registry.git("rev-parse", "HEAD")
    blob = registry.git("rev-parse", "HEAD:registry/registry.yaml")
    registry.git("update-index", "--add", "--cacheinfo", f"100644,{blob},caf\udce9")
    (change,) = changes_between(Repository(registry.root), before, registry.git("write-tree"))
    assert (change.path, change.readable) == ("caf\\xe9", False)


def test_a_merge_holds_what_both_sides_added(registry: RegistryFolder) -> None:
    for branch in ("one", "two"):
        registry.git("checkout", "--quiet", "-b", branch, "main")
        (registry.root / f"{branch}.txt").write_text(branch)
        registry.commit(branch)
    repository = Repository(registry.root)
    merge = merged(repository, "one", "two")
    assert merge == Merge(merged(repository, "two", "one").tree)
    paths = {change.path for change in changes_between(repository, "main", merge.tree)}
    assert paths == {"one.txt", "two.txt"}


def test_a_merge_with_what_does_not_exist_is_reported(registry: RegistryFolder) -> None:
    with pytest.raises(GitError, match="merge-tree failed"):
        merged(Repository(registry.root), "main", "nothing")
