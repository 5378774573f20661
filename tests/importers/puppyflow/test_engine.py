"""The engine shape: what is broken is refused, what has no place is reported."""

from __future__ import annotations

from typing import Any

from registry_tool.importers.puppyflow.read import read
from tests.importers.puppyflow.documents import edge, losses_of, text


def test_unknown_things_are_reported_and_nothing_that_only_looks() -> None:
    blocks = {"a": text(position={"x": 1}, strange=1), "b": {"type": "hologram", "data": {"z": 2}}}
    edges = {"e": edge("teleport", ["a"], ["b"])}
    assert losses_of(blocks, edges) == [
        ("blocks.a", "strange"),
        ("blocks.b", "the type hologram"),
        ("blocks.b", "z"),
        ("edges.e", "an edge of type 'teleport'"),
    ]


def test_content_in_the_editors_storage() -> None:
    pointer = {"external_metadata": {"resource_key": "k"}, "storage_class": "external"}
    away: Any = {"type": "text", "data": dict(pointer)}
    here: Any = {"type": "text", "data": {**pointer, "content": "x"}}
    imported = read({"blocks": {"away": away, "here": here}, "edges": {}}, name="x")
    spec: Any = imported.manifest["spec"]
    assert [block.get("config") for block in spec["blocks"]] == [pointer, None]
    assert [(loss.where, loss.what) for loss in imported.not_carried] == [
        ("blocks.away", "the content"),
        ("blocks.here", "external_metadata"),
    ]
