"""Blocks and edges put together: constants, records, stand-ins, ids."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.puppyflow.read import read
from tests.importers.puppyflow.documents import edge, spec_of, text


def test_contents_are_constants_or_records() -> None:
    spec = spec_of(
        {"a": text(), "b": text("an old result"), "c": text("")},
        {"e": edge("modify", ["a"], ["b", "c"], modify_type="copy")},
    )
    assert [block.get("value") for block in spec["blocks"]] == ["x", None, None]
    assert spec["x-recorded"] == {"b": "an old result"}


def test_an_edge_without_ends_gets_stand_ins() -> None:
    spec = spec_of({"b": text("")}, {"e": edge("llm", [], ["b"]), "f": edge("save", ["b"], [])})
    assert [block["id"] for block in spec["blocks"]] == ["b", "e-start", "f-end"]
    assert spec["edges"][0]["source"] == "e-start"
    assert spec["edges"][1]["target"] == "f-end"
    assert "interface" not in spec


def test_ids_that_break_the_rules_are_renamed_everywhere() -> None:
    foreign = edge("generator", ["my block"], ["b"], queries=["my block"])
    imported = read(
        {"blocks": {"my block": text(), "b": text("")}, "edges": {"e": foreign}}, name="x"
    )
    spec: Any = imported.manifest["spec"]
    new = spec["blocks"][0]["id"]
    assert spec["blocks"][0]["metadata"] == {"label": "my block"}
    assert spec["edges"][0]["source"] == new
    assert spec["edges"][0]["config"]["queries"] == [new]
    assert [loss.where for loss in imported.not_carried] == ["blocks.my block"]
