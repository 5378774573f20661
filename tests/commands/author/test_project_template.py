"""Templates are workflows of the registry, and each says what it is."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from registry_tool.commands.author.project_template import TEMPLATES, read_template, with_metadata
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.load import load, load_file
from registry_tool.resolver.latest import latest

ROOT = Path(__file__).parents[3]
WORKFLOWS = ROOT / "registry/workflows"


def test_every_folder_is_listed_and_the_reverse() -> None:
    folder = resources.files("registry_tool.commands.author") / "templates"
    assert sorted(TEMPLATES) == sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_registry_publishes_it_as_it_is(name: str) -> None:
    """Its graph, interface and tests, its answers, resources and words; only the dates are the version's."""
    template = read_template(name)
    line = WORKFLOWS / template.workflow.name
    folders = {path.name: path for path in line.iterdir() if path.is_dir()}
    folder = folders[latest(folders, set())]
    published = compile_value(load_file(folder / "manifest.yaml").workflow)
    ours = compile_value(template.workflow)
    assert (ours["spec"], ours.get("security")) == (published["spec"], published.get("security"))
    for path, data in template.files.items():
        if path != "workflow-resource.yaml":
            assert (folder / path).read_bytes() == data, path
    for (callee, version), files in template.callees.items():
        for path, data in files.items():
            assert (WORKFLOWS / callee / version / path).read_bytes() == data


@pytest.mark.parametrize("name", TEMPLATES)
def test_its_readme_shows_how_to_run_it(name: str) -> None:
    template = read_template(name)
    readme = template.files["docs/README.md"].decode()
    assert readme.startswith(f"# {template.workflow.name}\n")
    assert f"puppy-cli run {template.workflow.name} " in readme
    mine = template.project("mine", {})["docs/README.md"].decode()
    assert "puppy-cli run . " in mine
    assert template.workflow.name not in mine
    asks = {"llm", "generate"} & set(map(str, template.to_value()["edges"]))  # type: ignore[arg-type]
    assert bool(asks) <= ("embedded model" in readme)


def test_the_table_for_authors_names_each_with_its_workflow() -> None:
    page = (ROOT / "docs/authors.md").read_text()
    rows = [
        f"| `{t.name}` | {t.description} | `{t.workflow.name}` |"
        for t in map(read_template, TEMPLATES)
    ]
    assert [row for row in rows if row not in page] == []
    assert page.count("\n| `") >= len(rows)


def test_only_metadata_change() -> None:
    text = (
        "a: 1\nmetadata:\n  name: x\n  description: old\nspec:\n  description: kept\n  name: kept\n"
    )
    assert with_metadata(text, {"name": "mine", "description": "yes"}) == text.replace(
        "name: x", "name: mine"
    ).replace("old", '"yes"')
    assert "old" not in with_metadata(text, {"description": ""})


def test_what_a_template_calls_is_installed_with_it() -> None:
    files = read_template("call-workflow").project("mine", {})
    assert ".workflows/keyword-extractor/keyword-extractor-1.0.1.wfpkg" in files
    assert b"keyword-extractor" in files["workflow.lock"]
    assert load(files["workflow-resource.yaml"], "mine").workflow.name == "mine"
    assert not [path for path in files if path.startswith("installed")]
