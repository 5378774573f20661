"""When a version was published: by its manifest, else by git; the lists and the feed go by it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.catalogue.load import load_catalogue
from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.errors import RegistryError
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder

UPDATED = '  updated: "2024-01-01T00:00:00Z"\n'
MIDDAY = "2024-06-01T12:00:00+02:00"


def add(registry: RegistryFolder, name: str, updated: str = "") -> None:
    manifest = registry.add(name, "1.0.0") / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace(UPDATED, updated))
    registry.compile()


def commit(registry: RegistryFolder, message: str, date: str) -> None:
    registry.git("add", "--all")
    command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-qm"]
    env = {**os.environ, "GIT_COMMITTER_DATE": date, "GIT_AUTHOR_DATE": date}
    subprocess.run([*command, message], cwd=registry.root, env=env, check=True)


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    add(made, "silent")
    commit(made, "Publish silent", MIDDAY)
    for name, written in (("early", "2024-06-01T09:30:00Z"), ("late", "2024-06-01T12:00+01:00")):
        add(made, name, f'  updated: "{written}"\n')
    commit(made, "Publish two", "2030-01-01T00:00:00Z")
    (made.root / "registry/workflows/silent/1.0.0/docs/README.md").write_text("# Mended by hand\n")
    commit(made, "Touch it", "2031-01-01T00:00:00Z")
    return made


def test_git_says_when_what_the_manifest_does_not(registry: RegistryFolder) -> None:
    found = load_catalogue(FolderTree(registry.root))
    assert found.by_name["silent"].latest.released == "2024-06-01T10:00:00Z"
    assert found.by_name["early"].latest.released == "2024-06-01T09:30:00Z"
    repository = Repository(registry.root)
    again = load_catalogue(GitTree(repository, repository.commit("main")))
    assert again.by_name["silent"].versions == found.by_name["silent"].versions


def test_newest_first_whatever_the_zone(registry: RegistryFolder) -> None:
    files = dict(output_files(OutputSource(FolderTree(registry.root))))
    latest = json.loads(files["api/v1/workflows.json"])["workflows"]
    assert [summary["name"] for summary in latest] == ["late", "silent", "early"]


def test_the_feed_tells_moments_that_are_true(registry: RegistryFolder) -> None:
    feed = dict(output_files(OutputSource(FolderTree(registry.root))))["feed.xml"].decode()
    assert "1970" not in feed
    assert feed.index("late 1.0.0") < feed.index("silent 1.0.0") < feed.index("early 1.0.0")
    assert "<updated>2024-06-01T10:00:00Z</updated>" in feed
    assert "<updated>2024-06-01T11:00:00Z</updated>" in feed  # 12:00+01:00 has no seconds


def test_a_merge_is_the_publication(registry: RegistryFolder) -> None:
    registry.git("checkout", "--quiet", "-b", "publish/new-1.0.0")
    add(registry, "new")
    commit(registry, "Publish new", "2032-01-01T00:00:00Z")
    registry.git("checkout", "--quiet", "main")
    date = {"GIT_COMMITTER_DATE": "2033-01-01T00:00:00Z", "GIT_AUTHOR_DATE": "2033-01-01T00:00:00Z"}
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    merge = ["git", *who, "merge", "--quiet", "--no-ff", "-m", "Merge", "publish/new-1.0.0"]
    subprocess.run(merge, cwd=registry.root, env={**os.environ, **date}, check=True)
    found = load_catalogue(FolderTree(registry.root))
    assert found.by_name["new"].latest.released == "2033-01-01T00:00:00Z"


def test_a_history_that_is_cut_off_is_reported(registry: RegistryFolder, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    registry.git("clone", "--quiet", "--depth=1", f"file://{registry.root}", str(shallow))
    with pytest.raises(RegistryError, match="history is cut off") as caught:
        load_catalogue(FolderTree(shallow))
    assert "--unshallow" in caught.value.hint


def test_without_git_nothing_is_made_up(make_registry: Callable[..., RegistryFolder]) -> None:
    registry = make_registry()
    add(registry, "silent")
    found = load_catalogue(FolderTree(registry.root))
    assert not found.by_name["silent"].latest.released
    files = dict(output_files(OutputSource(FolderTree(registry.root))))
    assert b"<entry>" not in files["feed.xml"]
