"""What edges share through collections of the workspace."""

from __future__ import annotations

from registry_tool.manifest.kept_documents import collections_of, sharing
from tests.manifest.flow.build import edge, text_input, workflow

KEEP = edge("keep", "search", ["q", "notes"], "kept", search_type="vector", collection="c")
FIND = edge("find", "map", "q", "found", edge={"type": "retrieve", "config": {"collection": "c"}})
OTHER = edge("other", "retrieve", "q", "rest", extra_configs={"collection": "d"})


def test_by_the_same_name_alone() -> None:
    mine = workflow(KEEP, FIND, OTHER)
    shared = sharing(mine.edges, {})
    assert {name: [one.id for one in others] for name, others in shared.items()} == {
        "keep": ["find"],
        "find": ["keep"],
        "other": [],
    }


def test_through_calls_that_may_lead_in_a_circle() -> None:
    inner = workflow(KEEP, edge("on", "workflow", "q", "x", name="outer"), name="inner")
    outer = workflow(edge("call", "workflow", "q", "x", name="inner"), inputs=(text_input("q"),))
    callees = {"inner": inner, "outer": outer}
    assert collections_of(outer.edge_by_id["call"], callees) == {"c"}
    assert collections_of(outer.edge_by_id["call"], {}) == frozenset()
