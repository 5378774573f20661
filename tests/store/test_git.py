from __future__ import annotations

import random as random_module
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.store.branch import Branch, Waiting
from registry_tool.store.branch_names import branch_names
from registry_tool.store.changes import changes_between, merged
from registry_tool.store.git import Identity, Repository
from registry_tool.store.git_tree import GitTree, child_of, entries_of

WHO = Identity("Ada", "ada@example.com", "2024-01-01T00:00:00Z")


@pytest.fixture
def registry(make_registry: Callable[..., object]) -> object:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    return made


def test_a_folder_without_git_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no git repository"):
        Repository(tmp_path)


@pytest.mark.parametrize("ref", ["nope", "", "--help", "main\nx", "-x"])
def test_what_is_no_commit(registry: object, ref: str) -> None:
    with pytest.raises(NotFoundError):
        Repository(registry.root).commit(ref)  # type: ignore[attr-defined]


def test_a_tree_lists_and_reads_without_a_checkout(registry: object, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    root = registry.root  # type: ignore[attr-defined]
    subprocess.run(["git", "clone", "--quiet", "--bare", root, bare], check=True)
    repository = Repository(bare)
    tree = GitTree(repository, repository.commit("main"))
    paths = [file.path for file in tree.files("registry")]
    assert "registry/workflows/hello/1.0.0/manifest.yaml" in paths
    assert paths == sorted(paths)
    assert tree.read("registry/registry.yaml").startswith(b"name:")
    assert tree.folders("registry/workflows") == ["hello"]
    with pytest.raises(NotFoundError):
        tree.read("registry/nothing")


def test_every_kind_of_change_is_seen(registry: object) -> None:
    root = registry.root  # type: ignore[attr-defined]
    before = registry.git("rev-parse", "HEAD")  # type: ignore[attr-defined]
    folder = root / "registry/workflows/hello/1.0.0"
    (folder / "docs/README.md").unlink()
    (folder / "workflow.json").write_text("{}")
    (folder / "名.txt").write_text("new")
    (folder / "manifest.yaml").unlink()
    (folder / "manifest.yaml").symlink_to("workflow.json")
    after = registry.commit("Change")  # type: ignore[attr-defined]
    changes = changes_between(Repository(root), before, after)
    kinds = {change.path.rsplit("/", 1)[1]: change.kind for change in changes}
    assert kinds == {
        "README.md": "deleted",
        "workflow.json": "modified",
        "名.txt": "added",
        "manifest.yaml": "retyped",
    }


def test_a_conflict_is_told_and_nothing_is_touched(registry: object) -> None:
    root = registry.root  # type: ignore[attr-defined]
    for branch in ("one", "two"):
        registry.git("checkout", "--quiet", "-b", branch, "main")  # type: ignore[attr-defined]
        (root / "registry/registry.yaml").write_text(f"name: {branch}\n")
        registry.commit(branch)  # type: ignore[attr-defined]
    repository = Repository(root)
    merge = merged(repository, "one", "two")
    assert merge.conflicts == ("registry/registry.yaml",)
    assert merged(repository, "main", "two").tree
    assert registry.git("status", "--porcelain") == ""  # type: ignore[attr-defined]


def test_a_rival_is_never_overwritten(registry: object) -> None:
    branch = Branch(Repository(registry.root), "state")  # type: ignore[attr-defined]
    rival = Branch(Repository(registry.root), "state")  # type: ignore[attr-defined]
    calls = 0

    def write(tree: GitTree) -> dict[str, bytes | None]:
        nonlocal calls
        calls += 1
        if calls == 1:
            rival.write(lambda _: {"rival": b"1"}, "Rival", WHO)
        return {"mine": str(sorted(file.path for file in tree.files("."))).encode()}

    branch.write(write, "Mine", WHO, Waiting(sleep=lambda _: None))
    assert calls == 2
    assert branch.files().read("rival") == b"1"
    assert branch.files().read("mine")


def test_no_hook_of_the_repository_runs(registry: object, tmp_path: Path) -> None:
    hook = registry.root / ".git/hooks/reference-transaction"  # type: ignore[attr-defined]
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/pwned\n")
    hook.chmod(0o755)
    Branch(Repository(registry.root), "state").write(lambda _: {"a": b"1"}, "Write", WHO)  # type: ignore[attr-defined]
    assert not (tmp_path / "pwned").exists()


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["a", "b/c", "b/d", "é"]), st.binary(max_size=20), min_size=1)
)
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("repo")
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    branch = Branch(Repository(folder), "state")
    branch.write(lambda _: dict(files), "Write", WHO)
    assert {path: branch.files().read(path) for path in files} == files


NAMES = st.lists(
    st.from_regex(r"[a-z0-9-]{1,12}", fullmatch=True), min_size=1, max_size=30, unique=True
)


@given(NAMES, st.randoms(use_true_random=False))
def test_one_entry_of_a_large_tree_is_found_without_parsing_it(
    names: list[str], random: random_module.Random
) -> None:
    modes = [b"40000", b"100644", b"120000"]
    entries = [
        (random.choice(modes), name.encode(), random.randbytes(20)) for name in sorted(names)
    ]
    raw = b"".join(mode + b" " + name + b"\0" + object_id for mode, name, object_id in entries)
    for entry in entries:
        assert child_of(raw, entry[1], 20) == entry
    assert child_of(raw, b"absent-from-it", 20) is None


def test_a_zero_before_a_mode_hides_nothing() -> None:
    raw = b"040000 a\0" + b"x" * 20 + b"0100644 b\0" + b"y" * 20
    assert entries_of(raw, 20)[b"a"][0] == b"40000"
    assert child_of(raw, b"b", 20) == (b"100644", b"b", b"y" * 20)
    for broken in (raw + b"z", raw[:-1], raw + raw, b"100644 a/b\0" + b"x" * 20):
        with pytest.raises(RegistryError, match="malformed"):
            entries_of(broken, 20)


def test_bytes_inside_an_id_are_no_entry() -> None:
    inside = b"40000 b\0".ljust(20, b"x")
    raw = b"40000 a\0" + inside + b"40000 b\0" + b"y" * 20
    assert child_of(raw, b"b", 20) == (b"40000", b"b", b"y" * 20)


def test_a_lock_that_a_killed_git_left_does_not_stop_the_next(registry: object) -> None:
    branch = Branch(Repository(registry.root), "state")  # type: ignore[attr-defined]
    branch.write(lambda _: {"a": b"1"}, "Write", WHO)
    lock = registry.root / ".git/refs/heads/state.lock"  # type: ignore[attr-defined]
    lock.touch()
    branch.write(lambda _: {"a": b"2"}, "Write", WHO)
    assert branch.files().read("a") == b"2"
    assert not lock.exists()


def test_nothing_wanted_is_nothing_written(registry: object) -> None:
    branch = Branch(Repository(registry.root), "state")  # type: ignore[attr-defined]
    tip = branch.write(lambda _: {"a": b"1"}, "Write", WHO)
    assert branch.write(lambda _: {}, "Write", WHO) == tip == branch.tip()


def test_many_files_are_read_at_once_in_their_order(registry: object) -> None:
    repository = Repository(registry.root)  # type: ignore[attr-defined]
    wanted = {f"many/{number:04}.txt": b"x" * number + b"\n\0" for number in range(200)}
    tree = GitTree(repository, repository.tree_with("main", wanted))
    before = repository.calls
    assert list(tree.contents("many")) == sorted(wanted.items())
    assert repository.calls - before <= 1
    assert list(tree.contents("none")) == []
    with pytest.raises(NotFoundError, match="is missing"):
        list(repository.objects([tree.object_id("many/0000.txt"), "0" * 40]))


def test_branches_are_found_by_their_names_here_and_on_a_remote(
    registry: object, tmp_path: Path
) -> None:
    root = registry.root  # type: ignore[attr-defined]
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "-q", "--bare", str(bare)], check=True)
    for name in ("runs-2026-11", "runs-2026-02", "other", "x/runs-1"):
        registry.git("branch", name)  # type: ignore[attr-defined]
    registry.git("remote", "add", "origin", str(bare))  # type: ignore[attr-defined]
    registry.git("push", "-q", "origin", "runs-2026-11", "x/runs-1")  # type: ignore[attr-defined]
    repository = Repository(root)
    assert branch_names(repository, "runs-*") == ["runs-2026-02", "runs-2026-11"]
    assert branch_names(repository, "runs-*", "origin") == ["runs-2026-11"]


def test_a_trusting_writer_looks_only_where_a_rival_wrote(registry: object, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(bare)], check=True)
    registry.git("remote", "add", "origin", str(bare))  # type: ignore[attr-defined]
    repository = Repository(registry.root)  # type: ignore[attr-defined]
    branch, rival = (Branch(repository, "state", "origin") for _ in range(2))
    seen: list[bytes] = []

    def write(tree: GitTree) -> dict[str, bytes | None]:
        seen.append(tree.read("a") if tree.has("a") else b"")
        return {"a": seen[-1] + b"1"}

    branch.write(write, "One", WHO, trusting=True)
    branch.write(write, "Two", WHO, trusting=True)
    rival.write(lambda _: {"a": b"rival"}, "Rival", WHO)
    branch.write(write, "Three", WHO, Waiting(sleep=lambda _: None), trusting=True)
    assert seen == [b"", b"1", b"11", b"rival"]
    assert rival.files().read("a") == b"rival1"
