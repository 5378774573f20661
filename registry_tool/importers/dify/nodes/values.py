"""Nodes that put values together: `variable-aggregator`, `assigner`, `list-operator`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.branches import OPERATORS, TESTS, expression
from registry_tool.importers.dify.project import NOTHING
from registry_tool.importers.dify.references import AT, ValueReference, selector_of, unique
from registry_tool.importers.dify.work import NodeStep, NotRunnableError, Work, first_of
from registry_tool.importers.foreign_values import sub_object, text_of

_CHANGES: Final[Mapping[str, str]] = {
    "over-write": "given",
    "overwrite": "given",
    "set": "given",
    "clear": "type(old)() if old is not None else None",
    "append": "[*(old or []), given]",
    "extend": "[*(old or []), *(given or [])]",
    "+=": "(old or 0) + given",
    "-=": "(old or 0) - given",
    "*=": "(old or 0) * given",
    "/=": "(old or 0) / given",
    "remove-first": "(old or [])[1:]",
    "remove-last": "(old or [])[:-1]",
}
"""What an operation makes of a variable, as Python of `old` and `given`."""


def variable_aggregator(node: Node, work: Work) -> NodeStep:
    """The first of its variables that is there; of groups an object of such values."""
    settings = sub_object(node.data, "advanced_settings")
    if settings.get("group_enabled") is True:
        return _groups(node, work, settings)
    variables = node.data.get("variables")
    found = _known(node, variables, work)
    reads = unique([one.block for one in found])
    return NodeStep("code", {"code": first_of(found)}, reads, {"output": ()}, "structured")


def _known(node: Node, variables: Value, work: Work) -> list[ValueReference]:
    """What selectors stand for, without those that stand for nothing."""
    items = variables if isinstance(variables, list) else []
    found = [work.of(node, item) for item in items if isinstance(item, list)]
    return [one for one in found if one.block != NOTHING]


def _groups(node: Node, work: Work, settings: Frozen) -> NodeStep:
    reads: list[str] = []
    lines, fields = "", dict[str, tuple[str, ...]]()
    groups = settings.get("groups")
    for group in groups if isinstance(groups, list) else []:
        if not isinstance(group, dict) or not (name := text_of(group, "group_name")):
            continue
        variables = group.get("variables")
        found = _known(node, variables, work)
        reads += [one.block for one in found]
        values = ", ".join(one.python for one in found)
        lines += f'        {name!r}: {{"output": first([{values}])}},\n'
        fields[name] = (name,)
    first = "def first(found):\n    return next((one for one in found if one is not None), None)\n"
    code = f"{AT}\n\n{first}\n\ndef main(inputs):\n    return {{\n{lines}    }}\n"
    shaped = {name: (name,) for name in fields}
    return NodeStep("code", {"code": code}, unique(reads), {**shaped, "": ()}, "structured")


def assigner(node: Node, work: Work) -> str:
    """New values of the conversation's variables; each is an output, which the caller gives back next time."""
    last = ""
    for change in _changes(node):
        selector = selector_of(change.get("variable_selector"))
        if len(selector) < 2 or selector[0] != "conversation":
            raise NotRunnableError(
                f"it assigns {'.'.join(selector) or 'nothing'}, which is no variable of the conversation"
            )
        name, operation = selector[1], text_of(change, "operation", "over-write")
        if operation not in _CHANGES:
            raise NotRunnableError(f"its operation {operation!r} is unknown")
        old = work.conversation(name, work.control.before(node))
        reads = [old]
        given = _given(node, change, work, reads)
        lines = f"    old = at(inputs, {old!r})\n    given = {given}\n    return {_CHANGES[operation]}\n"
        code = f"{AT}\n\ndef main(inputs):\n{lines}"
        last = work.compute(node, code, unique(reads), stem=f"{name} next")
        work.assigned.setdefault(name, []).append((node.id, last))
        work.gates.setdefault((node.id, ""), last)
    work.outputs[node.id] = {}
    return last


def _changes(node: Node) -> list[Object]:
    items = node.data.get("items")
    if isinstance(items, list):
        return [item for item in items if isinstance(item, dict)]
    mode = text_of(node.data, "write_mode", "over-write")
    return [
        {
            "variable_selector": node.data.get("assigned_variable_selector"),
            "operation": mode,
            "input_type": "variable",
            "value": node.data.get("input_variable_selector"),
        }
    ]


def _given(node: Node, change: Frozen, work: Work, reads: list[str]) -> str:
    value = change.get("value")
    if text_of(change, "input_type") == "constant" or not isinstance(value, list) or not value:
        return expression(node, value, work, reads)
    found = work.of(node, value)
    reads.append(found.block)
    return found.python


def list_operator(node: Node, work: Work) -> NodeStep:
    """Filter, take one, sort, cut: in Dify's order."""
    data = node.data
    found = work.of(node, data.get("variable"))
    reads = [found.block]
    lines = ""
    if (wanted := sub_object(data, "filter_by")).get("enabled") is True:
        lines += _filter(node, wanted, work, reads)
    if (taken := sub_object(data, "extract_by")).get("enabled") is True:
        position = expression(node, taken.get("serial", "1"), work, reads)
        lines += f"    position = int({position}) - 1\n    found = found[position : position + 1]\n"
    if (order := sub_object(data, "order_by")).get("enabled") is True:
        key = text_of(order, "key")
        part = f"at(item, {key!r})" if key else "item"
        reverse = text_of(order, "value", "asc") == "desc"
        lines += f"    found = sorted(found, key=lambda item: {part}, reverse={reverse})\n"
    if (limit := sub_object(data, "limit")).get("enabled") is True and isinstance(
        size := limit.get("size"), int
    ):
        lines += f"    found = found[:{size}]\n"
    last = "    ends = (found[0], found[-1]) if found else (None, None)\n"
    last += '    return {"result": found, "first_record": ends[0], "last_record": ends[1]}\n'
    code = f"{TESTS}\n\ndef main(inputs):\n    found = list({found.python} or [])\n{lines}{last}"
    fields = {name: (name,) for name in ("result", "first_record", "last_record")}
    return NodeStep("code", {"code": code}, unique(reads), fields, "structured")


def _filter(node: Node, wanted: Frozen, work: Work, reads: list[str]) -> str:
    conditions = wanted.get("conditions")
    tests = []
    for item in conditions if isinstance(conditions, list) else []:
        if isinstance(item, dict):
            operator, key = text_of(item, "comparison_operator"), text_of(item, "key")
            if operator not in OPERATORS:
                raise NotRunnableError(f"its condition {operator!r} is unknown")
            part = f"at(item, {key!r})" if key else "item"
            tests.append(
                f"test({part}, {operator!r}, {expression(node, item.get('value'), work, reads)})"
            )
    return f"    found = [item for item in found if {' and '.join(tests) or 'True'}]\n"
