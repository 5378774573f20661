"""Nodes that work on the list of items: limit, sort, aggregate, split out, remove duplicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from registry_tool.core.values import Frozen
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork


def of_list(node: FlowNode, work: FlowWork) -> NodeReport:
    """An edge of code; `NotRunnableError` for what isn't read."""
    body = LISTS[node.type](node.parameters)
    work.make(node, body, [], work.outputs[node.name][:1])
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _limit(given: Frozen) -> str:
    most = given.get("maxItems", 1)
    count = most if isinstance(most, int) and most > 0 else 1
    part = f"[-{count}:]" if text_of(given, "keep") == "lastItems" else f"[:{count}]"
    return f"    return items{part}\n"


def _values(given: Frozen, holder: str, key: str, name: str) -> Iterator[tuple[str, Frozen]]:
    items = sub_object(given, holder).get(key)
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and text_of(item, name):
            yield text_of(item, name), item


def _sort(given: Frozen) -> str:
    if text_of(given, "type", "simple") != "simple":
        raise NotRunnableError("it sorts by code or at random")
    lines = ""
    for field, item in reversed(list(_values(given, "sortFieldsUi", "sortField", "fieldName"))):
        reverse = text_of(item, "order", "ascending") == "descending"
        key = f"(at(one, {field!r}) is not None, at(one, {field!r}))"
        lines += f"    items = sorted(items, key=lambda one: {key}, reverse={reverse})\n"
    if not lines:
        raise NotRunnableError("it names no field to sort by")
    return f"{lines}    return items\n"


def _aggregate(given: Frozen) -> str:
    if text_of(given, "aggregate", "aggregateIndividualFields") == "aggregateAllItemData":
        field = text_of(given, "destinationFieldName", "data")
        return f"    return [{{{field!r}: items}}]\n"
    pairs = "".join(
        f"        {_renamed(field, item)!r}: [\n"
        f"            at(one, {field!r}) for one in items if at(one, {field!r}) is not None\n        ],\n"
        for field, item in _values(
            given, "fieldsToAggregate", "fieldToAggregate", "fieldToAggregate"
        )
    )
    if not pairs:
        raise NotRunnableError("it names no field to put together")
    return f"    return [{{\n{pairs}    }}]\n"


def _renamed(field: str, item: Frozen) -> str:
    return text_of(item, "outputFieldName", field) if item.get("renameField") is True else field


def _split_out(given: Frozen) -> str:
    field = text_of(given, "fieldToSplitOut")
    if not field or "," in field:
        raise NotRunnableError("it splits no field, or several")
    options = sub_object(given, "options")
    target = text_of(options, "destinationFieldName", field.rsplit(".", 1)[-1])
    kept = "dict(item)" if text_of(given, "include") == "allOtherFields" else "{}"
    steps = "".join(f", {step!r}" for step in field.split("."))
    return (
        "    found = []\n    for item in items:\n"
        f"        rest = {kept}\n        rest.pop({field!r}, None)\n"
        f"        for value in at(item{steps}) or []:\n"
        f"            found.append({{**rest, **(value if isinstance(value, dict) else {{{target!r}: value}})}})\n"
        "    return found\n"
    )


def _unique(given: Frozen) -> str:
    if text_of(given, "operation", "removeDuplicateInputItems") != "removeDuplicateInputItems":
        raise NotRunnableError("it compares with items of earlier runs")
    names = [name.strip() for name in text_of(given, "fieldsToCompare").split(",") if name.strip()]
    chosen = text_of(given, "compare") == "selectedFields" and names
    key = f"[at(one, name) for name in {names!r}]" if chosen else "one"
    return (
        "    found, seen = [], []\n    for one in items:\n"
        f"        key = {key}\n"
        "        if key not in seen:\n            seen.append(key)\n            found.append(one)\n"
        "    return found\n"
    )


LISTS: Final[dict[str, Callable[[Frozen], str]]] = {
    "limit": _limit,
    "sort": _sort,
    "aggregate": _aggregate,
    "splitOut": _split_out,
    "removeDuplicates": _unique,
}
"""By type."""
