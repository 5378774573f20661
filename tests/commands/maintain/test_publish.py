from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.catalogue.index_branch import indexes_tree
from registry_tool.commands.maintain import publish as publishing
from registry_tool.commands.maintain.index import index
from registry_tool.commands.maintain.publish import publish
from registry_tool.commands.review import check
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import FindingsError
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def test_stale_indexes_are_committed_and_the_output_is_built(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    result = publish(registry.root, tmp_path / "out", branch="main")
    assert result.stale == (
        "indexes/by-author.json",
        "indexes/by-category.json",
        "indexes/by-tags.json",
        "registry/metadata/dependencies.json",
    )
    index = json.loads(registry.git("show", "main:indexes/by-tags.json"))
    assert [workflow["name"] for workflow in index["greeting"]] == ["hello"]
    assert (tmp_path / "out/api/v1/packages/hello/hello-1.0.0.wfpkg").is_file()
    registry.git("reset", "--quiet", "--hard", "main")
    again = publish(registry.root, tmp_path / "out", branch="main")
    assert (again.stale, again.commit) == ((), result.commit)


def test_a_broken_version_publishes_nothing(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    folder = registry.add("hello", "1.0.0")
    (folder / "workflow.json").write_text("{}")
    before = registry.commit("Break it")
    with pytest.raises(FindingsError, match=r"compiled|workflow\.json"):
        publish(registry.root, tmp_path / "out", branch="main")
    assert registry.git("rev-parse", "main") == before
    assert not (tmp_path / "out").exists()


def test_the_branch_is_published_and_not_what_lies_around(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    commit = registry.commit("Publish hello")
    registry.add("hello", "1.1.0")  # not committed
    publish(registry.root, tmp_path / "out", branch="main")
    api = tmp_path / "out/api/v1"
    assert json.loads((api / "index.json").read_text())["commit"] == commit
    assert [path.name for path in (api / "packages/hello").iterdir()] == ["hello-1.0.0.wfpkg"]


RULE = """#!/bin/sh
while read old new ref; do
  test "$ref" = refs/heads/main || continue
  echo "error: GH013: Repository rule violations found for refs/heads/main." >&2
  echo "- Changes must be made through a pull request." >&2
  exit 1
done
"""


@pytest.fixture
def protected(make_registry: Callable[..., RegistryFolder], tmp_path: Path) -> RegistryFolder:
    """A clone of a remote whose main takes no push, as GitHub says it (a hook stands in for its rules)."""
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    registry.git("clone", "--quiet", "--bare", ".", str(tmp_path / "remote.git"))
    registry.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.write_text(RULE)
    hook.chmod(0o755)
    return registry


def test_a_protected_main_keeps_its_indexes_on_a_branch(
    protected: RegistryFolder, tmp_path: Path
) -> None:
    main = protected.git("rev-parse", "main")
    result = publish(protected.root, tmp_path / "out", branch="main", remote="origin")
    assert (result.index_branch, result.commit) == ("indexes", main)
    assert protected.git("ls-remote", "origin", "refs/heads/main").split()[0] == main
    protected.git("fetch", "--quiet", "origin")
    listed = protected.git("ls-tree", "-r", "--name-only", "origin/indexes").splitlines()
    assert listed == list(result.stale)
    assert (tmp_path / "out/index.html").is_file()


def test_what_is_on_the_branch_follows_and_is_read_by_the_gatekeeper(
    protected: RegistryFolder, tmp_path: Path
) -> None:
    publish(protected.root, tmp_path / "out", branch="main", remote="origin")
    protected.git("fetch", "--quiet", "origin")
    first = protected.git("rev-parse", "origin/indexes")
    publish(protected.root, tmp_path / "out", branch="main", remote="origin")
    protected.git("fetch", "--quiet", "origin")
    assert protected.git("rev-parse", "origin/indexes") == first
    repository = Repository(protected.root)
    main = GitTree(repository, protected.git("rev-parse", "main"))
    assert not main.has("indexes/by-tags.json")
    assert indexes_tree(repository, main).has("indexes/by-tags.json")
    protected.git("update-ref", "-d", "refs/remotes/origin/indexes")
    assert indexes_tree(repository, main) is main


def test_another_refusal_is_an_error(protected: RegistryFolder, tmp_path: Path) -> None:
    hook = tmp_path / "remote.git/hooks/pre-receive"
    hook.write_text("#!/bin/sh\necho 'the office is closed' >&2\nexit 1\n")
    with pytest.raises(RegistryError, match="the office is closed"):
        publish(protected.root, tmp_path / "out", branch="main", remote="origin")
    assert not protected.git("ls-remote", "origin", "refs/heads/indexes")


def site_files(registry: RegistryFolder) -> set[str]:
    return set(registry.git("ls-tree", "-r", "--name-only", "site").splitlines())


def test_a_branch_is_brought_along_and_is_always_one_commit(
    make_registry: Callable[..., RegistryFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    first = publish(registry.root, branch="main", site_branch="site")
    assert first.built.written == len(site_files(registry))
    registry.git("reset", "--quiet", "--hard", "main")
    registry.add("hello", "1.1.0")
    registry.commit("Publish another")
    monkeypatch.setattr(check, "check_tree", None)  # nothing but what is new is judged …
    monkeypatch.setattr(publishing, "stale_documents", None)  # … or read for the indexes
    again = publish(registry.root, branch="main", site_branch="site")
    assert again.built.written < first.built.written
    assert "api/v1/packages/hello/hello-1.1.0.wfpkg" in site_files(registry)
    assert registry.git("rev-list", "--count", "site") == "1"
    monkeypatch.undo()
    assert index(registry.root, check_only=True).stale == ()
    assert publish(registry.root, branch="main", site_branch="site").built.written > 0  # its commit
    assert publish(registry.root, branch="main", site_branch="site").built.written == 0


def test_a_new_version_that_is_broken_publishes_nothing(
    make_registry: Callable[..., RegistryFolder],
) -> None:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")
    registry.commit("Publish hello")
    publish(registry.root, branch="main", site_branch="site")
    registry.git("reset", "--quiet", "--hard", "main")
    before = registry.git("rev-parse", "site")
    (registry.add("hello", "1.1.0") / "workflow.json").write_text("{}")
    registry.commit("Break it")
    with pytest.raises(FindingsError, match=r"compiled|workflow\.json"):
        publish(registry.root, branch="main", site_branch="site")
    assert registry.git("rev-parse", "site") == before


@pytest.mark.parametrize("name", ["main", "indexes", "deployments", "work"])
def test_a_branch_that_holds_something_else_is_left_alone(
    make_registry: Callable[..., RegistryFolder], name: str
) -> None:
    registry = make_registry(git=True)
    registry.git("branch", "work")
    with pytest.raises(UsageError, match="holds something else"):
        publish(registry.root, branch="main", site_branch=name)
