"""The version that asks a successor: its number, its files, and what has no manifest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.commands.monitor.replacement.next_version import replacement
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.manifest.load import load
from registry_tool.sources.program import Program
from registry_tool.store import paths
from tests.commands.monitor.replacement.conftest import NOW, Retiring


def base_of(retiring: Retiring) -> Program:
    folder = retiring.made.root / "registry/workflows/asker/1.0.0"
    files = {
        path: (folder / path).read_bytes()
        for path in (paths.MANIFEST, paths.COMPILED, paths.README)
    }
    files[paths.CASSETTES] = b"{}"
    workflow = load(files[paths.MANIFEST], "m").workflow
    return Program(workflow, files, "registry/workflows/asker/1.0.0")


def test_only_the_model_the_number_and_the_date_differ(retiring: Retiring) -> None:
    base = base_of(retiring)
    (move,) = retiring.moves()
    version = replacement(base, move, NOW)
    assert version.new.workflow.reference == "asker:1.1.0"
    before = base.files[paths.MANIFEST].decode().splitlines()
    after = version.new.files[paths.MANIFEST].decode().splitlines()
    assert len(before) == len(after)
    changed = [new.strip() for old, new in zip(before, after, strict=True) if old != new]
    assert all(any(word in line for word in ("1.1.0", "2026-11-25", "new-8b")) for line in changed)
    assert any(line.endswith("# the cheap one") for line in changed)
    assert set(version.changes) == {f"registry/workflows/asker/1.1.0/{path}" for path in base.files}
    assert version.new.files[paths.README] == base.files[paths.README]


def test_answers_that_are_not_recorded_leave_no_file(retiring: Retiring) -> None:
    (move,) = retiring.moves()
    version = replacement(base_of(retiring), move, NOW).recorded(Cassette())
    assert paths.CASSETTES not in version.new.files


def test_a_version_without_a_manifest_can_not_move(retiring: Retiring) -> None:
    base = base_of(retiring)
    bare = replace(base, files={paths.COMPILED: base.files[paths.COMPILED]})
    (move,) = retiring.moves()
    with pytest.raises(NotFoundError, match="has no manifest"):
        replacement(bare, move, NOW)


def test_a_pre_release_is_its_authors_affair(retiring: Retiring) -> None:
    (move,) = retiring.moves()
    with pytest.raises(RegistryError, match="pre-release"):
        replacement(base_of(retiring), replace(move, version="1.0.0-beta.1"), NOW)
