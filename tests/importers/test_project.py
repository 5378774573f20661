"""Ids and names are taken once, and an edge always has a source."""

from __future__ import annotations

import pytest

from registry_tool.importers.imported import ForeignError
from registry_tool.importers.project import MOST_PARTS, EdgeEnds, Project


def test_ids_are_readable_and_taken_once() -> None:
    project = Project()
    assert [
        project.new_id("Say: it!", "x"),
        project.new_id("say it"),
        project.new_id("你好", "llm"),
    ] == ["Say-it", "say-it-2", "llm"]
    assert project.new_id("", "") == "block"


def test_ports_have_names_of_their_own() -> None:
    project = Project()
    for name in ("a b", "a b", "1"):
        project.input(name, "string", "x")
    assert [port["name"] for port in project.inputs] == ["a_b", "a_b_2", "value_1"]


def test_an_edge_without_sources_reads_the_empty_block_and_a_service_its_hosts() -> None:
    project = Project()
    project.edge("e", "code", EdgeEnds([], ["x"]), {})
    project.edge("f", "code", EdgeEnds([], ["y"], ["x"]), {"code": "1"})
    project.asks("amap", ["a.example"], ["KEY"])
    project.asks("amap", ["a.example"])
    spec = project.spec({"format": "dify"})
    assert spec["blocks"] == [{"id": "nothing", "type": "text", "value": ""}]
    assert spec["edges"] == [
        {"id": "e", "type": "code", "source": "nothing", "target": "x"},
        {
            "id": "f",
            "type": "code",
            "source": "nothing",
            "target": "y",
            "when": "x",
            "config": {"code": "1"},
        },
    ]
    assert spec["runtime"] == {
        "dependencies": {
            "external_apis": [{"name": "amap", "hosts": ["a.example"], "secrets": ["KEY"]}]
        }
    }


def test_more_parts_than_a_manifest_may_have_are_refused() -> None:
    project = Project()
    for number in range(MOST_PARTS):
        project.block(f"b{number}")
    with pytest.raises(ForeignError, match="2,000 blocks"):
        project.block("one-more")
