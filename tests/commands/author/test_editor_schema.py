"""The line by which an editor completes a manifest names a schema that is there and that is all of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from registry_tool.commands.author.editor_schema import COPY, editor_schema
from registry_tool.commands.author.import_workflow import import_workflow
from registry_tool.commands.author.init import init
from registry_tool.commands.author.project_template import TEMPLATES
from registry_tool.commands.maintain.build import build
from registry_tool.manifest.schemas import EDGE_TYPES
from registry_tool.manifest.source import load_tree
from tests.commands.deploying import Make

LINE = f"# yaml-language-server: $schema={COPY}\n"


def head(project: Path) -> str:
    return (project / "workflow-resource.yaml").read_text().partition("\n")[0] + "\n"


def test_without_a_registry_it_is_a_copy_in_the_project(tmp_path: Path) -> None:
    project = init("mine", "text", tmp_path / "mine").folder
    assert head(project) == LINE
    assert json.loads((project / COPY).read_text())["title"] == "Workflow manifest"


def test_an_import_has_it_too(tmp_path: Path) -> None:
    export = Path(__file__).parents[3] / "examples/feedback-router.json"
    for _ in range(2):  # also into its own folder again
        project = import_workflow(export, tmp_path / "mine").project
        assert head(project) == LINE
        assert (project / COPY).is_file()
    assert not list(project.rglob("*.before"))


def test_a_public_registrys_own_is_named_where_its_site_has_it(
    make_registry: Make, tmp_path: Path
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")
    settings = registry.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + 'url: "https://workflows.example/site/"\n')
    line = editor_schema(str(registry.root)).line
    base, path = "https://workflows.example/site/", "api/v1/schemas/workflow-v1.schema.json"
    assert line == f"# yaml-language-server: $schema={base}{path}\n"
    assert editor_schema(base).line == line
    build(registry.root, tmp_path / "site")
    assert json.loads((tmp_path / "site" / path).read_text())["title"] == "Workflow manifest"
    settings.write_text(settings.read_text() + "access: { visibility: private }\n")
    assert editor_schema(str(registry.root)).line == LINE  # no editor can log in there


def test_it_refers_to_nothing_but_itself_and_knows_every_edge() -> None:
    schema = json.loads(editor_schema().files[COPY])
    texts = json.dumps(schema)
    assert '"$ref": "#/' in texts
    assert texts.count('"$ref": "') == texts.count('"$ref": "#/')
    assert texts.count('"$id"') == 1
    Draft202012Validator.check_schema(schema)
    whole = Draft202012Validator(schema)
    for type_ in EDGE_TYPES:
        edge = {"id": "e", "source": "a", "target": "b", "type": type_, "config": {"nonsense": 1}}
        blocks = [{"id": "a", "type": "text"}, {"id": "b", "type": "text"}]
        manifest = {
            "apiVersion": "puppyai.com/v1",
            "kind": "Workflow",
            "metadata": {"name": "a", "version": "1.0.0"},
            "spec": {"blocks": blocks, "edges": [edge]},
        }
        assert any("nonsense" in error.message for error in whole.iter_errors(manifest)), type_


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_obeys_it(tmp_path: Path, template: str) -> None:
    project = init("mine", template, tmp_path / "mine").folder
    manifest = (project / "workflow-resource.yaml").read_text()
    whole = Draft202012Validator(json.loads((project / COPY).read_text()))
    assert list(whole.iter_errors(load_tree(manifest, "mine"))) == []


def test_check_jsonschema_passes_a_good_manifest_and_fails_a_bad_edge(tmp_path: Path) -> None:
    project = init("mine", "http", tmp_path / "mine").folder
    manifest = project / "workflow-resource.yaml"
    bad = tmp_path / "bad.yaml"
    bad.write_text(manifest.read_text().replace("        query:", "        qery:"))
    words = [Path(sys.executable).with_name("check-jsonschema"), "--schemafile", project / COPY]
    good = subprocess.run([*words, manifest], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout
    done = subprocess.run([*words, bad], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "'qery'" in done.stdout
