"""The age of a published version's recorded answers, by git or by its manifest."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from registry_tool.commands.review.recorded_answers import head_of, recorded_answers
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.report.recorded_answers import GIT, MANIFEST
from registry_tool.sources.program import program_from_files
from registry_tool.store import paths
from tests.conftest import RegistryFolder


def test_git_dates_what_the_manifest_only_claims(registry: RegistryFolder) -> None:
    cassette = Cassette()
    cassette.add(ModelRequest("m", (Message("user", "q"),)), ModelAnswer("a", "m-1", Usage(1, 1)))
    folder = registry.lay("hello", "1.1.0")
    (folder / "tests").mkdir()
    (folder / paths.CASSETTES).write_bytes(cassette.to_bytes())
    registry.commit("Publish hello 1.1.0")
    manifest = (folder / paths.MANIFEST).read_bytes()
    files = {paths.MANIFEST: manifest, paths.CASSETTES: cassette.to_bytes()}
    program = program_from_files(files, "hello/1.1.0")
    later = datetime(2100, 1, 1, tzinfo=UTC)
    by_git = recorded_answers(program, head_of(registry.root), later)
    assert (by_git.count, by_git.models, by_git.dated_by) == (1, ("m-1",), GIT)
    assert by_git.date == registry.git("log", "-1", "--format=%cI")
    assert recorded_answers(program, None, later).dated_by == MANIFEST


def test_a_folder_without_git_has_no_head(tmp_path: Path) -> None:
    assert head_of(tmp_path) is None
