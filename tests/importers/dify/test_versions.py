"""Shapes of earlier and later DSL versions, as files."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.importers.dify.read import read
from registry_tool.importers.foreign_text import parse_foreign
from registry_tool.importers.imported import Imported, NodeStatus
from registry_tool.importers.manifest_text import manifest_text
from registry_tool.manifest.load import load
from tests.importers.dify.exports import ran, statuses
from tests.importers.dify.test_read import errors_of

FOLDER = Path(__file__).with_name("versions")
VERSIONS = ("0.1.0", "0.3.0")


def opened(version: str) -> Imported:
    content = (FOLDER / f"{version}.yml").read_bytes()
    return read(parse_foreign(content, version)[0], name="x")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_node_runs_or_says_what_it_needs(version: str) -> None:
    found = opened(version)
    assert NodeStatus.CARRIED not in {node.status for node in found.nodes}
    text = manifest_text(found.manifest)
    assert errors_of(load(text, "workflow-resource.yaml"), {}) == []


def test_what_the_first_shape_asks_for() -> None:
    assert statuses(opened("0.1.0"))["7"] == "needs"
    error = ran(opened("0.1.0"), {"query": "hello"}).error
    assert "notes.example" in error or "no way to other hosts" in error
