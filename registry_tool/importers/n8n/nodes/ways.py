"""`if`, `filter` and `switch` nodes: items leave by the way whose conditions hold for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.core.values import Frozen, Object
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork

_FIRST_NAMES: Final = {
    "equal": "equals",
    "notEqual": "notEquals",
    "larger": "gt",
    "largerEqual": "gte",
    "smaller": "lt",
    "smallerEqual": "lte",
}
"""Operations of the first versions, by what they are called today."""


def if_(node: FlowNode, work: FlowWork) -> NodeReport:
    """The first output takes what the conditions hold for, the second the rest."""
    reads: list[str] = []
    test = _conditions(node.parameters, work, reads)
    _sorted(node, work, reads, f"        ways = [0] if {test} else [1]\n")
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def filter_(node: FlowNode, work: FlowWork) -> NodeReport:
    """What the conditions hold for goes on."""
    reads: list[str] = []
    test = _conditions(node.parameters, work, reads)
    _sorted(node, work, reads, f"        ways = [0] if {test} else []\n")
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def switch(node: FlowNode, work: FlowWork) -> NodeReport:
    """Each rule has an output; what no rule fits goes to the fallback, where there is one."""
    reads: list[str] = []
    options = sub_object(node.parameters, "options")
    if text_of(node.parameters, "mode") == "expression":
        key = "output" if "output" in node.parameters else "numberOutputs"
        chosen = work.python(node.parameters.get(key, 0), reads)
        _sorted(node, work, reads, f"        ways = [int(number({chosen}))]\n")
        return NodeReport(node.name, node.type, NodeStatus.RUNS)
    rules = list(_rules(node, work, reads))
    if not rules:
        raise NotRunnableError("it has no rule")
    tests = "".join(f"            ({number}, {test}),\n" for number, test in rules)
    first = "" if options.get("allMatchingOutputs") is True else "[:1]"
    fallback = _fallback(node, len(rules))
    lines = (
        f"        tests = [\n{tests}        ]\n"
        f"        ways = [number for number, fits in tests if fits]{first} or {fallback!r}\n"
    )
    _sorted(node, work, reads, lines)
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _fallback(node: FlowNode, rules: int) -> list[int]:
    options = sub_object(node.parameters, "options")
    wanted = options.get("fallbackOutput", node.parameters.get("fallbackOutput", "none"))
    if wanted == "extra":
        return [rules]
    return [wanted] if isinstance(wanted, int) and wanted >= 0 else []


def _rules(node: FlowNode, work: FlowWork, reads: list[str]) -> Iterator[tuple[int, str]]:
    """The output of each rule, and Python of whether it fits."""
    holder = sub_object(node.parameters, "rules")
    values = holder.get("values")
    for number, item in enumerate(values if isinstance(values, list) else []):
        if isinstance(item, dict):
            yield number, _conditions(item, work, reads)
    rules = holder.get("rules")
    kind = text_of(node.parameters, "dataType", "number")
    left = work.python(node.parameters.get("value1"), reads)
    for number, item in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(item, dict):
            output = item.get("output", number)
            operation = _FIRST_NAMES.get(text_of(item, "operation", "equal"))
            right = work.python(item.get("value2"), reads)
            yield (
                output if isinstance(output, int) else number,
                _holds(left, operation or text_of(item, "operation"), right, kind, case=True),
            )


def _sorted(node: FlowNode, work: FlowWork, reads: list[str], lines: str) -> None:
    """One edge with a target for each output; one that gets no item is not taken."""
    targets = work.outputs[node.name]
    body = (
        f"    sorted_items = {{number: [] for number in range({len(targets)})}}\n"
        "    for index, item in enumerate(items):\n"
        f"{lines}"
        "        for way in ways:\n"
        "            if way in sorted_items:\n"
        "                sorted_items[way].append(item)\n"
    )
    if len(targets) == 1:
        body += "    return sorted_items[0]\n"
    else:
        names = repr(dict(enumerate(targets)))
        body += f"    names = {names}\n"
        body += "    return {names[way]: found for way, found in sorted_items.items() if found}\n"
    work.make(node, body, reads, targets)


def _conditions(holder: Frozen, work: FlowWork, reads: list[str]) -> str:
    """Python of the conditions of any version."""
    found = sub_object(holder, "conditions")
    listed = found.get("conditions")
    if isinstance(listed, list):
        case = sub_object(found, "options").get("caseSensitive") is not False
        tests = [_condition(item, work, reads, case) for item in listed if isinstance(item, dict)]
        joined = " or " if text_of(found, "combinator") == "or" else " and "
    else:
        tests = list(_first_conditions(found, work, reads))
        joined = " or " if text_of(holder, "combineOperation") == "any" else " and "
    if not tests:
        raise NotRunnableError("it has no condition")
    return f"({joined.join(tests)})"


def _condition(item: Object, work: FlowWork, reads: list[str], case: bool) -> str:
    operator = sub_object(item, "operator")
    left = work.python(item.get("leftValue"), reads)
    right = work.python(item.get("rightValue"), reads)
    operation = text_of(operator, "operation", "equals")
    return _holds(left, operation, right, text_of(operator, "type", "string"), case=case)


def _first_conditions(found: Frozen, work: FlowWork, reads: list[str]) -> Iterator[str]:
    for kind, items in found.items():
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict):
                written = item.get("operation")
                operation = str(written) if written else "smaller" if kind == "number" else "equal"
                left = work.python(item.get("value1"), reads)
                right = work.python(item.get("value2"), reads)
                name = _FIRST_NAMES.get(operation, operation)
                yield _holds(left, name, right, kind, case=True)


def _holds(left: str, operation: str, right: str, kind: str, *, case: bool) -> str:
    return f"holds({left}, {operation!r}, {right}, {kind!r}, {case})"
