"""`puppy-cli export puppyflow`: a file that imports again, or a clear refusal and nothing written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from registry_tool.cli.puppy import cli
from registry_tool.commands.author.export_workflow import export_puppyflow
from registry_tool.commands.author.import_workflow import import_workflow
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.importers.imported import ForeignError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copy(ROOT / "benchmarks/two-blocks.yaml", folder / "workflow-resource.yaml")
    return folder


def test_what_is_exported_imports_again(project: Path) -> None:
    result = export_puppyflow(str(project), "", Path("flow.json"))
    assert (result.blocks, result.edges, result.kept) == (2, 1, None)
    written = json.loads(Path("flow.json").read_text())
    assert written["edges"]["e"]["data"]["content"] == "Hello {{text}}"
    again = import_workflow(Path("flow.json"), Path("again"))
    assert (again.blocks, again.edges, again.not_carried) == (2, 1, ())


def test_a_published_version_is_named_like_its_workflow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        cli,
        ["export", "puppyflow", "faq-answerer:1.0.0", "--registry", str(ROOT), "--format", "json"],
        catch_exceptions=False,
    )
    document = json.loads(done.stdout)
    assert (document["file"], document["blocks"], document["edges"]) == ("faq-answerer.json", 6, 4)
    assert ["resources/faq.md", "a file"] in [
        [x["where"], x["what"]] for x in document["not_carried"]
    ]
    assert json.loads((tmp_path / "faq-answerer.json").read_text())["blocks"]


def test_what_stood_there_is_kept(project: Path) -> None:
    Path("flow.json").write_text("my notes")
    assert export_puppyflow(str(project), "", Path("flow.json")).kept == Path(".flow.json.before")
    assert Path(".flow.json.before").read_text() == "my notes"
    assert export_puppyflow(str(project), "", Path("flow.json")).kept is None


def test_an_edge_that_the_editor_does_not_have_is_refused_and_nothing_written(
    project: Path,
) -> None:
    manifest = project / "workflow-resource.yaml"
    looped = (
        '{ id: e, source: text, target: copy, type: http, config: { url: "https://example.com" } }'
    )
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text(
        "".join(f"    - {looped}\n" if "type: modify" in line else line for line in lines)
    )
    with pytest.raises(ForeignError, match="no edge of type http") as refused:
        export_puppyflow(str(project), "", Path("flow.json"))
    assert refused.value.location.endswith("mine: spec.edges.e")
    assert not Path("flow.json").exists()


def test_neither_the_manifest_nor_a_folder_is_overwritten(project: Path) -> None:
    manifest = project / "workflow-resource.yaml"
    before = manifest.read_bytes()
    with pytest.raises(UsageError, match="is the file that is read"):
        export_puppyflow(str(project), "", manifest)
    with pytest.raises(RegistryError, match="is a folder"):
        export_puppyflow(str(project), "", project.parent)
    assert manifest.read_bytes() == before


def test_another_format_is_a_usage_error() -> None:
    with pytest.raises(click.UsageError, match="puppyflow"):
        cli(["export", "dify", "x"], standalone_mode=False)
