"""Nodes that put values together: `variable-aggregator`, `assigner`, `list-operator`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.branches import TESTS, expression, tested
from registry_tool.importers.dify.nodes.files import with_files
from registry_tool.importers.dify.references import ValueReference, first_of, selector_of, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.generated_code import AT
from registry_tool.importers.imported import NotRunnableError
from registry_tool.importers.project import NOTHING

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
    """New values of variables; those of the conversation are outputs, which the caller gives back next time."""
    last = ""
    for change in changes_of(node):
        selector = selector_of(change.get("variable_selector"))
        if len(selector) < 2 or not work.is_variable((selector[0], selector[1])):
            raise NotRunnableError(
                f"it assigns {'.'.join(selector) or 'nothing'}, which is not a variable of the conversation "
                "or of a loop"
            )
        name, operation = (selector[0], selector[1]), text_of(change, "operation", "over-write")
        if operation not in _CHANGES:
            raise NotRunnableError(f"its operation {operation!r} is unknown")
        old = work.of(node, list[Value](name))
        reads = [old.block]
        given = _given(node, change, work, reads)
        lines = f"    old = {old.python}\n    given = {given}\n    return {_CHANGES[operation]}\n"
        code = f"{AT}\n\ndef main(inputs):\n{lines}"
        last = work.compute(node, code, unique(reads), stem=f"{name[1]} next")
        work.assigned.setdefault(name, []).append((node.id, last))
        work.gates.setdefault((node.id, ""), last)
    work.outputs[node.id] = {}
    return last


def changes_of(node: Node) -> list[Object]:
    """What an assigner sets: `{variable_selector, operation, input_type, value}` each."""
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
    """Filter, take one, sort, cut: in Dify's order, and nothing of it with an empty list."""
    found = work.of(node, node.data.get("variable"))
    reads = [found.block]
    lines = "".join(_operations(node, work, reads))
    last = "    ends = (found[0], found[-1]) if found else (None, None)\n"
    last += '    return {"result": found, "first_record": ends[0], "last_record": ends[1]}\n'
    start = f"    found = list({found.python} or [])\n    some = bool(found)\n"
    code = with_files(f"{TESTS}\n\ndef main(inputs):\n{start}{lines}{last}")
    fields = {name: (name,) for name in ("result", "first_record", "last_record")}
    return NodeStep("code", {"code": code}, unique(reads), fields, "structured")


def _operations(node: Node, work: Work, reads: list[str]) -> Iterator[str]:
    data = node.data
    if (wanted := sub_object(data, "filter_by")).get("enabled") is True:
        yield _filter(node, wanted, work, reads)
    if (taken := sub_object(data, "extract_by")).get("enabled") is True:
        position = expression(node, taken.get("serial", "1"), work, reads)
        yield f"    position = int({position})\n"
        yield "    if some and not 1 <= position <= len(found):\n"
        yield "        raise ValueError(f'there is no item {position} in a list of {len(found)}')\n"
        yield "    found = found[position - 1 : position]\n"
    if (order := sub_object(data, "order_by")).get("enabled") is True:
        reverse = text_of(order, "value", "asc") == "desc"
        key = _part(text_of(order, "key"))
        yield f"    found = sorted(found, key=lambda item: {key}, reverse={reverse})\n"
    if (limit := sub_object(data, "limit")).get("enabled") is True and isinstance(
        size := limit.get("size"), int
    ):
        yield f"    found = found[:{size}]\n"


def _part(key: str) -> str:
    """Python of what is compared of an item: itself, or a property of the file or object that it is."""
    return f"of_file(item, {key!r})" if key else "item"


def _filter(node: Node, wanted: Frozen, work: Work, reads: list[str]) -> str:
    conditions = wanted.get("conditions")
    tests = [
        tested(_part(text_of(item, "key")), node, item, work, reads)
        for item in (conditions if isinstance(conditions, list) else [])
        if isinstance(item, dict)
    ]
    return f"    found = [item for item in found if {' and '.join(tests) or 'True'}]\n"
