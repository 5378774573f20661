"""Nodes that pass items on: `merge`, `splitInBatches`, `noOp`, `wait`, and disabled ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from registry_tool.core.values import Value
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork
from registry_tool.importers.project import EdgeEnds

_PAIRS: Final = "    return [{**a, **b} for a, b in zip(first, second)]\n"
_ALL_PAIRS: Final = "    return [{**a, **b} for a in first for b in second]\n"


def passes(node: FlowNode, work: FlowWork) -> NodeReport:
    """The items as they come."""
    targets = work.outputs[node.name]
    given = work.given(node)
    edge = work.project.new_id(f"{targets[0]} copy")
    config = {"modify_type": "copy"}
    work.project.edge(edge, "modify", EdgeEnds([given], targets[:1]), dict[str, Value](config))
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def disabled(node: FlowNode, work: FlowWork) -> NodeReport:
    """It only passes items on, as its editor says."""
    passes(node, work)
    return NodeReport(node.name, node.type, NodeStatus.RUNS, "it is disabled: items only pass")


def wait(node: FlowNode, work: FlowWork) -> NodeReport:
    """Items pass at once."""
    if text_of(node.parameters, "resume") in {"webhook", "form"}:
        raise NotRunnableError("it waits for somebody's request")
    work.lose(node, "waiting", "a run has no time to wait; retries wait by themselves")
    return passes(node, work)


def merge(node: FlowNode, work: FlowWork) -> NodeReport:
    """Items of several inputs, one after the other or put together."""
    given = node.parameters
    mode = text_of(given, "mode", "append")
    numbers = sorted({w.input for w in work.flow.wires if w.target == node.name}) or [0]
    blocks = [work.given(node, number) for number in numbers]
    lists = [f"(inputs.get({block!r}) or [])" for block in blocks]
    second = lists[1] if len(lists) > 1 else "[]"
    lines = f"    first, second = {lists[0]}, {second}\n"
    if mode in {"append", "mergeByIndex", "multiplex", "passThrough", "wait"}:
        lines = _first_modes(mode, node, lines, lists)
    elif mode == "chooseBranch":
        number = given.get("useDataOfInput", 1)
        chosen = int(str(number)) if str(number).isdecimal() else 1
        lines = f"    return {lists[chosen - 1] if 0 < chosen <= len(lists) else '[]'}\n"
    elif mode in {"combine", "mergeByKey"}:
        lines += _combined(node)
    else:
        raise NotRunnableError(f"its mode {mode!r} is not read")
    target = work.outputs[node.name][0]
    edge = work.project.new_id(f"{target} merge")
    code = f"def main(inputs):\n{lines}"
    work.project.edge(
        edge, "code", EdgeEnds(tuple(dict.fromkeys(blocks)), [target]), {"code": code}
    )
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _first_modes(mode: str, node: FlowNode, lines: str, lists: list[str]) -> str:
    if mode == "mergeByIndex":
        return lines + _PAIRS
    if mode == "multiplex":
        return lines + _ALL_PAIRS
    if mode == "passThrough":
        return (
            lines
            + f"    return {'second' if node.parameters.get('output') == 'input2' else 'first'}\n"
        )
    return f"    return {' + '.join(lists)}\n" if mode == "append" else lines + "    return first\n"


def _combined(node: FlowNode) -> str:
    given = node.parameters
    by = text_of(given, "combineBy", text_of(given, "combinationMode", "combineByFields"))
    if by in {"combineByPosition", "mergeByPosition"}:
        return _PAIRS
    if by in {"combineAll", "multiplex"}:
        return _ALL_PAIRS
    fields = list(_fields(node))
    if not fields:
        raise NotRunnableError("it names no fields by which items belong together")
    same = " and ".join(f"a.get({a!r}) == b.get({b!r})" for a, b in fields)
    joined = f"    found = [{{**a, **b}} for a in first for b in second if {same}]\n"
    mode = text_of(given, "joinMode", "keepMatches")
    if mode in {"keepMatches", "inner"}:
        return f"{joined}    return found\n"
    if mode in {"enrichInput1", "left"}:
        return (
            f"{joined}    alone = [a for a in first if not any({same} for b in second)]\n"
            "    return found + alone\n"
        )
    raise NotRunnableError(f"its join {mode!r} is not read")


def _fields(node: FlowNode) -> Iterator[tuple[str, str]]:
    given = node.parameters
    if text_of(given, "fieldsToMatchString"):
        for name in text_of(given, "fieldsToMatchString").split(","):
            yield name.strip(), name.strip()
    for holder in ("mergeByFields", "fieldsToMatch"):
        values = sub_object(given, holder).get("values")
        for item in values if isinstance(values, list) else []:
            if isinstance(item, dict):
                yield text_of(item, "field1"), text_of(item, "field2")
    if text_of(given, "propertyName1"):
        yield text_of(given, "propertyName1"), text_of(given, "propertyName2")


def batches(node: FlowNode, work: FlowWork) -> NodeReport:
    """A loop over items: what is in it gets all of them at once, what comes back is done."""
    done, looped = (0, 1) if node.version >= 3 else (1, 0)
    targets = work.outputs[node.name]
    given = work.given(node)
    project = work.project
    if looped < len(targets):
        edge = project.new_id(f"{targets[looped]} items")
        project.edge(edge, "modify", EdgeEnds([given], [targets[looped]]), {"modify_type": "copy"})
    after = _behind(node, done, work)
    back = []
    for wire in work.flow.returns:
        if wire.target == node.name and wire.source in after:
            work.lose(node, f"the way back from {wire.source}", "it begins where the loop is done")
        elif wire.target == node.name:
            back.append(wire)
    if done < len(targets):
        blocks = tuple(dict.fromkeys(work.outputs[w.source][w.output] for w in back)) or (given,)
        lists = " + ".join(f"(inputs.get({block!r}) or [])" for block in blocks)
        edge = project.new_id(f"{targets[done]} done")
        code = f"def main(inputs):\n    return {lists}\n"
        project.edge(edge, "code", EdgeEnds(blocks, [targets[done]]), {"code": code})
    size = node.parameters.get("batchSize", 1)
    work.lose(
        node,
        f"batches of {size if isinstance(size, int) else 'some'}",
        "nodes in the loop get all items at once: the same for each item, another for code over all of them",
    )
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _behind(node: FlowNode, output: int, work: FlowWork) -> set[str]:
    """The node, and all that the items of one of its outputs get to."""
    found, waiting = {node.name}, [node.name]
    while waiting:
        name = waiting.pop()
        for wire in work.flow.wires:
            leads = wire.source == name and (name != node.name or wire.output == output)
            if leads and wire.target not in found:
                found.add(wire.target)
                waiting.append(wire.target)
    return found
