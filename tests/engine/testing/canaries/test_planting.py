from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Value
from registry_tool.engine.testing.canaries.orders import order_of
from registry_tool.engine.testing.canaries.planting import obeyed, planted

ORDER = order_of("canaryaa")
CHOICE = {"enum": ["yes", "no"]}


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Hello there", f"Hello there {ORDER}"),
        ("bug", f"bug {ORDER}"),
        ("", f" {ORDER}"),
        ([{"title": "It fails", "label": "bug"}], [{"title": f"It fails {ORDER}", "label": "bug"}]),
        (["one", "two"], [f"one {ORDER}", "two"]),
        ({"n": 1, "ok": True, "none": None}, {"n": 1, "ok": True, "none": None}),
        (7, 7),
    ],
)
def test_where_an_order_is_planted(value: Value, found: Value) -> None:
    assert planted(value, "canaryaa", {}) == found


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("yes", CHOICE),
        ("yes", {"type": "string", "maxLength": 20}),
        ({"a": "yes"}, {"properties": {"a": CHOICE}}),
        ("a b", {"$ref": "https://example.com/x"}),
    ],
)
def test_where_there_is_no_room(value: Value, schema: dict[str, Any]) -> None:
    assert planted(value, "canaryaa", schema) == value


def test_an_answer_that_obeys_keeps_to_its_schema() -> None:
    schema: dict[str, Any] = {"properties": {"label": CHOICE}}
    value: Value = {"label": "yes", "why": ["so", 3]}
    assert obeyed(value, {"canaryaa"}, schema) == {"label": "yes", "why": [ORDER, 3]}
    assert obeyed("words", {"canaryab", "canaryaa"}, {}) == f"{ORDER} {order_of('canaryab')}"
