"""A way that leads nowhere leaves nothing behind."""

from __future__ import annotations

from registry_tool.importers.checkpoint import kept


def test_lists_objects_and_sets_are_as_they_were() -> None:
    items, listed, names = [1], {"a": ["x"]}, {"n"}
    back = kept(items, listed, names)
    items.append(2)
    listed["a"].append("y")
    listed["b"] = []
    names.clear()
    back()
    assert (items, listed, names) == ([1], {"a": ["x"]}, {"n"})
