"""Every node type that is built is registered, and a note is none."""

from __future__ import annotations

from registry_tool.importers.dify.nodes.all_nodes import STEPS
from tests.importers.dify.exports import form, imported, statuses


def test_notes_are_carried_and_reported() -> None:
    what = imported({"s": form("q"), "n": {"type": "", "text": "remember"}})
    assert statuses(what) == {"s": "runs", "n": "carried"}
    assert "a note on the canvas" in what.nodes[1].why


def test_what_one_edge_does_may_stand_in_an_iteration() -> None:
    assert {"llm", "code", "template-transform", "http-request"} <= STEPS.keys()
