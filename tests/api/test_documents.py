from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from registry_tool.api.documents import ROOT, package_path
from registry_tool.api.openapi.document import openapi
from registry_tool.catalogue.load import load_catalogue
from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.core.values import Object
from registry_tool.site import links
from registry_tool.store.tree import FolderTree

CATALOGUE = load_catalogue(FolderTree(Path(__file__).parents[2]))


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """What a build of this registry writes."""
    return dict(output_files(OutputSource(FolderTree(Path(__file__).parents[2]))))


def schema(name: str) -> Draft202012Validator:
    components = openapi("")["components"]
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": components})


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("workflows.json", "WorkflowList"),
        ("workflows/page/1.json", "WorkflowList"),
        ("workflows/sentiment-analysis.json", "WorkflowResource"),
        ("workflows/sentiment-analysis/1.0.0.json", "WorkflowResource"),
    ],
)
def test_documents_obey_their_own_description(
    path: str, name: str, files: dict[str, bytes]
) -> None:
    schema(name).validate(json.loads(files[f"{ROOT}/{path}"]))


def test_versions_are_newest_first_with_their_bump(files: dict[str, bytes]) -> None:
    infos = json.loads(files[f"{ROOT}/workflows/sentiment-analysis/versions.json"])
    for info in infos:
        schema("VersionInfo").validate(info)
    assert [(i["version"], i["bump"]) for i in infos] == [
        ("1.2.0", "minor"),
        ("1.1.0", "minor"),
        ("1.0.0", None),
    ]


def test_a_sparse_file_is_what_a_resolver_needs(files: dict[str, bytes]) -> None:
    lines = files[f"{ROOT}/sparse/se/sentiment-analysis"].splitlines()
    last = json.loads(lines[-1])
    assert (len(lines), last["version"], last["requires"]) == (
        3,
        "1.2.0",
        [{"name": "text-preprocessor", "range": "^1.5.0", "registry": "public"}],
    )


def test_the_site_and_the_api_spell_addresses_alike(files: dict[str, bytes]) -> None:
    for line in CATALOGUE.lines:
        for version in line.versions:
            assert links.package_url(version) == f"{ROOT}/{package_path(version)}"
            assert links.json_url(version) in files


def test_pages_of_a_hundred(make_registry: Callable[..., object]) -> None:
    registry = make_registry()
    for number in range(101):
        registry.lay(f"line-{number}", "1.0.0")  # type: ignore[attr-defined]
    registry.compile()  # type: ignore[attr-defined]
    files = dict(output_files(OutputSource(FolderTree(registry.root))))  # type: ignore[attr-defined]

    def listed(path: str) -> tuple[int, Object]:
        value = json.loads(files[f"{ROOT}/{path}"])
        schema("WorkflowList").validate(value)
        return len(value["workflows"]), value["pagination"]

    latest, first, last = map(
        listed, ("workflows.json", "workflows/page/1.json", "workflows/page/2.json")
    )
    assert (latest[0], first[0], last[0]) == (100, 100, 1)
    assert (latest[1]["next"], latest[1]["total"]) == ("workflows/page/1.json", 101)
    assert (first[1]["next"], last[1]["next"]) == ("workflows/page/2.json", None)
    assert "total" not in first[1]  # it would change with every addition


def test_only_the_lines_own_document_says_which_version_is_the_latest(
    files: dict[str, bytes],
) -> None:
    def status(path: str) -> Object:
        status: Object = json.loads(files[f"{ROOT}/workflows/sentiment-analysis{path}.json"])[
            "status"
        ]
        return status

    assert status("")["latest"] is True
    assert "latest" not in status("/1.2.0")
