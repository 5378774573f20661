"""A full build reads each version once and works out once what its pages say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry_tool.catalogue import load
from registry_tool.catalogue.load import load_line
from registry_tool.catalogue.model import PublishedVersion
from registry_tool.catalogue.score import score
from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output import full_build
from registry_tool.commands.maintain.output.loaded import LoadedLines, release_cached
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.once import cached_results
from registry_tool.manifest import egress
from registry_tool.manifest.model import Workflow
from registry_tool.site import diagram
from registry_tool.site.facts import changes, version
from registry_tool.store.tree import FolderTree
from tests.conftest import RegistryFolder


@pytest.fixture
def folder(tmp_path: Path) -> FolderTree:
    registry = RegistryFolder(tmp_path / "registry", git=False)
    for number in ("1.0.0", "1.0.1", "1.1.0", "2.0.0-rc.1"):
        registry.lay("a", number)
    registry.add("b", "1.0.0", a="^1.0.0")
    return FolderTree(registry.root)


def test_a_workflow_waits_on_the_disk_with_what_is_known_of_it(
    folder: FolderTree, tmp_path: Path
) -> None:
    line, kept = load_line(folder, "a", {}), LoadedLines(tmp_path)
    assert line is not None
    known = score(line.latest)
    kept.keep(line)
    assert not cached_results(line.latest), "its memory is given back"
    again = kept.take("a")
    assert again == line
    assert any(again.latest is one for one in again.versions)
    assert [found for (found,) in cached_results(again.latest).values()] == [((), known)]
    release_cached(again)
    assert not cached_results(again.latest)
    assert not cached_results(again.latest.workflow)


def test_each_version_is_read_and_worked_out_once(
    folder: FolderTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, Counter[str]] = {}

    def counted(module: Any, name: str, of: Callable[..., str]) -> None:
        real, count = getattr(module, name), seen.setdefault(name, Counter())

        def call(*arguments: Any) -> Any:
            count[of(*arguments)] += 1
            return real(*arguments)

        monkeypatch.setattr(module, name, call)

    def of_version(found: PublishedVersion, *_: object) -> str:
        return found.reference

    def of_workflow(found: Workflow, *_: object) -> str:
        return found.reference

    counted(load, "load_version", lambda _tree, name, number, _notice: f"{name}:{number}")
    counted(egress, "_named_inputs", of_workflow)
    counted(version, "highlighted", lambda text: "")
    counted(version, "_readme", of_version)
    counted(version, "tests", of_version)
    counted(version, "snippets", of_workflow)
    counted(changes, "differences", lambda before, after: f"{before.version} {after.version}")
    counted(diagram, "lay_out", lambda *_: "")
    monkeypatch.setattr(full_build, "fixed_files", lambda _: iter(()))
    files = dict(output_files(OutputSource(folder)))
    references = ["a:1.0.0", "a:1.0.1", "a:1.1.0", "a:2.0.0-rc.1", "b:1.0.0"]
    every = dict.fromkeys(references, 1)
    for name in ("load_version", "_named_inputs", "_readme", "tests", "snippets"):
        assert dict(seen[name]) == every, name
    assert sum(seen["lay_out"].values()) == sum(seen["highlighted"].values()) == len(every)
    pairs = ("1.0.0 1.0.1", "1.0.1 1.1.0", "1.1.0 2.0.0-rc.1")
    assert dict(seen["differences"]) == dict.fromkeys(pairs, 1)
    assert {"workflows/a/1.1.0/index.html", "zh/workflows/a/index.html"} <= files.keys()
