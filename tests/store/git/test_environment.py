"""A clone whose configuration and environment name programs: none of them runs where git is asked to judge."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from registry_tool.commands.review.check_pr import check_pr
from registry_tool.core.errors import NotFoundError
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.environment import own_environment, users_environment
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from registry_tool.store.registry_tree import registry_tree
from tests.conftest import RegistryFolder
from tests.hostile_git import ENVIRONMENT, make_hostile, program

WHO = Identity("Ada", "ada@example.com", "2024-01-01T00:00:00Z")


@pytest.fixture
def hostile(registry: RegistryFolder) -> RegistryFolder:
    """A branch `change` that merges only by looking into a file, in a clone that names programs for everything."""
    readme = registry.root / "notes.txt"
    readme.write_text("".join(f"{n}\n" for n in range(9)))
    registry.commit("Start notes")
    registry.git("checkout", "--quiet", "-b", "change")
    readme.write_text(readme.read_text() + "mine\n")
    registry.add("hello", "1.1.0")
    registry.commit("Publish")
    registry.git("checkout", "--quiet", "main")
    readme.write_text("theirs\n" + readme.read_text())
    registry.commit("Go on")
    registry.git("checkout", "--quiet", "change")
    make_hostile(registry.root)
    return registry


def untouched(registry: RegistryFolder) -> bool:
    return not list(registry.root.parent.rglob("pwned*"))


def test_the_traps_are_real(hostile: RegistryFolder) -> None:
    """Plain git falls into at least the merge driver and the file system monitor."""
    subprocess.run(
        ["git", "merge-tree", "--write-tree", "main", "change"],
        cwd=hostile.root,
        check=False,
        capture_output=True,
    )
    subprocess.run(["git", "status"], cwd=hostile.root, check=False, capture_output=True)
    found = {path.name for path in hostile.root.parent.rglob("pwned*")}
    assert found >= {"pwned-merge", "pwned-fsmonitor"}


def test_check_pr_starts_nothing(hostile: RegistryFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    for key, value in ENVIRONMENT.items():
        monkeypatch.setenv(key, value.replace("PROGRAM", str(program(hostile.root, key))))
    found = check_pr(hostile.root, "main", "change").findings
    assert {finding.rule for finding in found} == {"one-concern"}  # for the notes
    assert untouched(hostile)


def test_reading_resolving_and_writing_state_start_nothing(hostile: RegistryFolder) -> None:
    repository = Repository(hostile.root)
    tree = GitTree(repository, repository.commit("change"))
    assert tree.folders("registry/workflows/hello") == ["1.0.0", "1.1.0"]
    assert registry_tree(hostile.root).has("registry/registry.yaml")
    assert repository.history("change", "registry", 5)
    assert repository.committed("change")
    assert repository.descends(repository.commit("change"), repository.commit("change^"))
    Branch(repository, "state").write(lambda _: {"a": b"1"}, "Write", WHO)
    assert repository.config("user.name") is not None
    assert untouched(hostile)


def test_a_missing_object_is_fetched_from_nowhere(hostile: RegistryFolder) -> None:
    """A promisor remote `ext::…`, which plain git would start for the object that is missing."""
    with pytest.raises(NotFoundError, match="is missing"):
        Repository(hostile.root).object("1" * 40)
    with pytest.raises(NotFoundError):
        Repository(hostile.root).commit("1" * 40)
    assert untouched(hostile)


def test_replaced_and_grafted_objects_are_not_believed(registry: RegistryFolder) -> None:
    first = registry.git("rev-parse", "HEAD")
    settings = registry.git("rev-parse", "HEAD:registry/registry.yaml")
    other = registry.git(
        "hash-object", "-w", "LICENSE" if (registry.root / "LICENSE").exists() else ".git/HEAD"
    )
    registry.git("replace", settings, other)
    (registry.root / ".git/info").mkdir(exist_ok=True)
    (registry.root / ".git/info/grafts").write_text(f"{first}\n")
    repository = Repository(registry.root)
    assert repository.object(settings).startswith(b"name: Test registry")
    assert len(repository.history(first, "registry", 9)) == 2


def test_a_repository_named_by_the_environment_is_not_taken(
    registry: RegistryFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook runs with GIT_DIR, GIT_INDEX_FILE and the like set, for another repository perhaps."""
    other = RegistryFolder(tmp_path / "other", git=True)
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_OBJECT_DIRECTORY", str(other.root / ".git/objects"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    repository = Repository(registry.root)
    assert GitTree(repository, repository.commit("main")).has("registry/workflows/hello")


def test_sha256_repositories_are_read(tmp_path: Path) -> None:
    def git(*words: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
        done = subprocess.run(
            ["git", *who, *words], cwd=tmp_path, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    (tmp_path / "a.txt").write_text("a\n")
    git("add", "--all")
    git("commit", "--quiet", "-m", "Start")
    repository = Repository(tmp_path)
    assert GitTree(repository, repository.commit("main")).read("a.txt") == b"a\n"


def test_what_the_user_set_up_holds_for_pushes_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "my-ssh")
    monkeypatch.setenv("GIT_DIR", "elsewhere")
    pushing, judging = users_environment(), own_environment(Path("here"))
    assert (pushing.get("GIT_SSH_COMMAND"), pushing.get("GIT_DIR")) == ("my-ssh", None)
    assert (judging.get("GIT_SSH_COMMAND"), judging["GIT_DIR"]) == (None, "here")
    assert judging["GIT_CONFIG_GLOBAL"] == os.devnull
