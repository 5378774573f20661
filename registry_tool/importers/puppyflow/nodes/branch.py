"""The if/else node → data of an `ifelse` edge: the canvas's names for conditions become the engine's."""

from __future__ import annotations

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.puppyflow.nodes.base import Operation, ids

_CONDITIONS = {
    "contains": "contain",
    "doesn't contain": "not_contain",
    "is greater than [N] characters": "greater_than_n_chars",
    "is less than [N] characters": "less_than_n_chars",
    "is empty": "is_empty",
    "is not empty": "is_not_empty",
    "is True": "is",
    "is False": "is_not",
    "is list": "is_list",
    "is dict": "is_dict",
    "is greater than [N]": "greater_than_n",
    "is less than [N]": "less_than_n",
}
_NUMERIC = frozenset({"greater_than_n_chars", "less_than_n_chars", "greater_than_n", "less_than_n"})


def branch(node: Operation) -> Object:
    """If, and else: `cases` as the engine has them."""
    cases = node.data.get("cases")
    if isinstance(cases, dict):
        return {"cases": cases}  # already the engine's form
    result: Object = {}
    for position, item in enumerate(cases if isinstance(cases, list) else [], 1):
        case = item if isinstance(item, dict) else {}
        result[f"case{position}"] = {
            "conditions": _conditions(node, case.get("conditions")),
            "thens": _thens(node, case.get("actions")),
        }
    return {"cases": result}


def _conditions(node: Operation, items: Value) -> list[Value]:
    conditions = [
        item for item in (items if isinstance(items, list) else []) if isinstance(item, dict)
    ]
    return [
        {**_condition(node, item), "operation": _joint(item, last=item is conditions[-1])}
        for item in conditions
    ]


def _joint(item: Frozen, *, last: bool) -> str:
    return "/" if last else text_of(item, "operation", "and").lower()


def _condition(node: Operation, item: Frozen) -> Object:
    shown, value = item.get("condition"), item.get("cond_v", "")
    if shown not in _CONDITIONS and value in _CONDITIONS:  # an older generation swaps them
        shown, value = value, item.get("cond_input", "")
    name = _CONDITIONS.get(str(shown), str(shown))
    if name not in _CONDITIONS.values():
        node.report(f"the condition {name!r}", "it is unknown; the edge will refuse to run with it")
    if name in _NUMERIC:
        value = _whole(value)
    return {"block": item.get("id", ""), "condition": name, "parameters": {"value": value}}


def _whole(value: Value) -> int:
    try:
        return int(str(value).strip() or 0)
    except ValueError:
        return 0


def _thens(node: Operation, actions: Value) -> list[Value]:
    usual_from = node.inputs[0][0] if node.inputs else ""
    usual_to = node.outputs[0][0] if node.outputs else ""
    thens: list[Value] = []
    for item in actions if isinstance(actions, list) else []:
        action = item if isinstance(item, dict) else {}
        start = text_of(action, "from_id") or usual_from
        thens += [{"from": start, "to": to} for to in ids(action.get("outputs")) or [usual_to]]
    return thens or [{"from": usual_from, "to": usual_to}]
