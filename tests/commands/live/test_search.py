"""A live registry's search: over the built site's index where there is one, else over one that is made."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from registry_tool.commands.live.search import LiveSearch
from registry_tool.commands.live.snapshot import Snapshot
from registry_tool.core.output_folder import MARK
from registry_tool.site.search.index import search_files
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder


def snapshot(registry: RegistryFolder) -> Snapshot:
    return Snapshot(Repository(registry.root), registry.git("rev-parse", "HEAD"))


def build(folder: Path, *names: str) -> Path:
    """A site of which there is the search alone."""
    for path, data in search_files(enumerate({"name": name, "tags": ["x"]} for name in names)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / MARK).write_text(" ".join(names))
    return folder


def test_without_a_site_all_that_the_workflows_say_is_searched(registry: RegistryFolder) -> None:
    registry.add("hello", "1.0.0")
    registry.add("other", "1.0.0")
    registry.commit("Publish")
    shown, search = snapshot(registry), LiveSearch()
    assert search.ranked(shown, "helo", None) == ["hello"]
    assert set(search.ranked(shown, "licence:MIT score:>=0", None)) == {"hello", "other"}
    assert search.ranked(shown, "model:gpt-4", None) == []


def test_a_site_that_was_built_answers_and_is_read_anew_when_it_is_another(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    registry.add("hello", "1.0.0")
    registry.commit("Publish")
    shown, search = snapshot(registry), LiveSearch()
    site = build(tmp_path / "site", "alpha", "beta")
    assert search.ranked(shown, "tag:x sort:name", site) == ["alpha", "beta"]
    build(site, "gamma")
    os.utime(site / MARK, ns=(1, 1))  # as if written at another time, however coarse the clock
    assert search.ranked(shown, "tag:x", site) == ["gamma"]
    shutil.rmtree(site)
    assert search.ranked(shown, "hello", site) == ["hello"]
