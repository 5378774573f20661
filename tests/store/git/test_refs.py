"""What a clone's files say of a ref is what git says, and where they can't say it git is asked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.core.errors import NotFoundError
from registry_tool.store.git.refs import ref_here
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

REF = "refs/heads/deployments"


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.git("branch", "deployments")
    return made


def test_a_ref_in_a_file_of_its_own_or_packed(registry: RegistryFolder) -> None:
    git_dir, commit = registry.root / ".git", registry.git("rev-parse", "HEAD")
    assert ref_here(git_dir, REF) == commit
    registry.git("pack-refs", "--all")
    assert not (git_dir / REF).exists()
    assert ref_here(git_dir, REF) == commit
    newer = registry.commit("Newer")
    registry.git("update-ref", REF, newer)
    assert ref_here(git_dir, REF) == newer  # the file goes before the pack
    registry.git("update-ref", "-d", REF)
    assert ref_here(git_dir, REF) == ""


def test_an_annotated_tag_is_peeled_by_git(registry: RegistryFolder) -> None:
    registry.git("tag", "-a", "-m", "One", "one")
    registry.git("pack-refs", "--all")
    head = registry.git("rev-parse", "HEAD")
    assert ref_here(registry.root / ".git", "refs/tags/one") not in {head, ""}
    assert Repository(registry.root).commit("refs/tags/one") == head


@pytest.mark.parametrize(
    "ref",
    [
        "main",
        "HEAD",
        "refs/heads/../../HEAD",
        "refs/heads/a..b",
        "refs/heads/.hidden",
        "refs/heads/deployments.lock",
        "refs/heads//deployments",
        "refs/worktree/own",
        "refs/heads/main^{tree}",
        "refs/heads/é",
    ],
)
def test_only_git_can_tell(registry: RegistryFolder, ref: str) -> None:
    assert ref_here(registry.root / ".git", ref) is None


@pytest.mark.parametrize("content", ["ref: refs/heads/main\n", "", "0" * 39, "G" * 40])
def test_what_is_no_id_is_left_to_git(registry: RegistryFolder, content: str) -> None:
    (registry.root / ".git" / REF).write_text(content)
    assert ref_here(registry.root / ".git", REF) is None


def test_a_link_is_left_to_git(registry: RegistryFolder, tmp_path: Path) -> None:
    location = registry.root / ".git" / REF
    location.unlink()
    location.symlink_to(tmp_path / "elsewhere")
    assert ref_here(registry.root / ".git", REF) is None


def test_other_ways_to_store_refs_are_left_to_git(registry: RegistryFolder) -> None:
    (registry.root / ".git/reftable").mkdir()
    assert ref_here(registry.root / ".git", REF) is None


def test_a_ref_to_a_commit_that_is_not_here(registry: RegistryFolder) -> None:
    (registry.root / ".git" / REF).write_text("1" * 40 + "\n")
    with pytest.raises(NotFoundError, match="there is no commit"):
        Repository(registry.root).commit(REF)


def test_a_known_ref_costs_no_process(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    commit = repository.commit(REF)
    before = repository.calls
    assert [repository.commit(REF), repository.commit(commit)] == [commit, commit]
    assert repository.calls == before
