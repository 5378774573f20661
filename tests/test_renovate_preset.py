"""The preset for Renovate finds what manifests require, and reads what the static API holds.

Renovate itself is not run here: it is several hundred megabytes. docs/authors.md says how it was tried.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from registry_tool.manifest.load import load_file

ROOT = Path(__file__).parents[1]
PRESET: Any = json.loads((ROOT / "examples/renovate/workflows.json").read_text("utf-8"))
MANIFESTS = sorted(ROOT.glob("registry/workflows/*/*/manifest.yaml"))
SHAPES = {
    "block": (
        "spec:\n  runtime:\n    dependencies:\n      external_apis:\n        - name: openai\n"
        '          version: ">=1.0.0"\n      workflows:  # ours\n        - name: a-b  # why\n'
        "          version: ^1.2.0  # range\n          registry: public\n\n"
        "        # another\n        - name: 'c'\n          version: '>=1 <3'\n"
        "    environments:\n      x: { variables: { name: d, version: 2.0.0 } }\n"
    ),
    "inline": (
        "spec: { runtime: { dependencies: { workflows: "
        '[{ name: a-b, version: "^1.2.0" }, { name: c, version: ">=1 <3", registry: x }] } } }\n'
    ),
    "items": (
        "    dependencies:\n      workflows:\n"
        '        - { name: a-b, version: "^1.2.0" }\n        - { name: c, version: ">=1 <3" }\n'
    ),
}


def found(text: str) -> list[tuple[str, str]]:
    """Names and ranges, as Renovate's recursive strategy finds them."""
    (manager,) = PRESET["customManagers"]
    outer, inner = (p.replace("(?<", "(?P<") for p in manager["matchStrings"])
    return [
        (one["depName"], one["currentValue"])
        for part in re.finditer(outer, text)
        for one in re.finditer(inner, part[0])
    ]


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_it_finds_what_published_manifests_require(path: Path) -> None:
    requires = load_file(path).workflow.requires
    assert found(path.read_text("utf-8")) == [(one.name, one.range) for one in requires]


@pytest.mark.parametrize("shape", SHAPES)
def test_it_finds_requirements_however_they_are_written(shape: str) -> None:
    assert found(SHAPES[shape]) == [("a-b", "^1.2.0"), ("c", ">=1 <3")]


def test_some_published_manifest_requires_something() -> None:
    assert any(load_file(path).workflow.requires for path in MANIFESTS)


def test_it_asks_for_a_document_of_the_static_api_by_members_that_are_there() -> None:
    (source,) = PRESET["customDatasources"].values()
    address = source["defaultRegistryUrlTemplate"]
    assert address.endswith("/api/v1/workflows/{{packageName}}/versions.json")
    openapi = (ROOT / "registry_tool/api").rglob("*.py")
    text = "\n".join(path.read_text("utf-8") for path in openapi)
    for member in ("version", "released", "yanked"):
        assert member in source["transformTemplates"][0]
        assert f'"{member}"' in text
