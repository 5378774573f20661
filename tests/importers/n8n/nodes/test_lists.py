"""Nodes that work on the list of items."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.n8n.flows import imported, items, node, outputs, statuses

FOUND = items({"n": 2, "l": [1, {"x": 1}]}, {"n": 3, "l": []}, {"n": 2, "l": [4]})


def listed(type_: str, **parameters: Any) -> Any:
    return imported({"i": FOUND, "x": node(type_, **parameters)}, "t > i, i > x")


@pytest.mark.parametrize(
    ("type_", "parameters", "wanted"),
    [
        ("limit", {"maxItems": 1}, [2]),
        ("limit", {"maxItems": 2, "keep": "lastItems"}, [3, 2]),
        (
            "sort",
            {"sortFieldsUi": {"sortField": [{"fieldName": "n", "order": "descending"}]}},
            [3, 2, 2],
        ),
        ("removeDuplicates", {"compare": "selectedFields", "fieldsToCompare": "n"}, [2, 3]),
        ("removeDuplicates", {}, [2, 3, 2]),
    ],
)
def test_fewer_or_in_another_order(type_: str, parameters: Any, wanted: Any) -> None:
    assert [item["n"] for item in outputs(listed(type_, **parameters))["x"]] == wanted


def test_together_and_apart() -> None:
    fields = {
        "fieldToAggregate": [{"fieldToAggregate": "n", "renameField": True, "outputFieldName": "m"}]
    }
    assert outputs(listed("aggregate", fieldsToAggregate=fields))["x"] == [{"m": [2, 3, 2]}]
    whole = outputs(listed("aggregate", aggregate="aggregateAllItemData"))["x"]
    assert [item["n"] for item in whole[0]["data"]] == [2, 3, 2]
    assert outputs(listed("splitOut", fieldToSplitOut="l"))["x"] == [{"l": 1}, {"x": 1}, {"l": 4}]
    kept = outputs(listed("splitOut", fieldToSplitOut="l", include="allOtherFields"))["x"]
    assert kept[0] == {"n": 2, "l": 1}


@pytest.mark.parametrize(
    ("type_", "parameters"),
    [
        ("sort", {"type": "code"}),
        ("sort", {}),
        ("aggregate", {}),
        ("splitOut", {}),
        ("removeDuplicates", {"operation": "removeItemsSeenInPreviousExecutions"}),
    ],
)
def test_what_is_not_read_is_declared(type_: str, parameters: Any) -> None:
    assert statuses(listed(type_, **parameters))["x"] == "carried"
