"""The editor shape of PuppyFlow (React Flow lists) → the engine shape.

Data nodes become blocks. An operation node with its wires becomes one edge: what is wired into it (STC) are its
inputs, what it is wired into (CTT) its outputs, both in the order of the wires. Groups, operations without
outputs and wires that lead nowhere are reported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry_tool.core.values import Object, Value
from registry_tool.importers.foreign_values import as_list, as_object, sub_object, text_of
from registry_tool.importers.imported import ForeignError, Loss
from registry_tool.importers.puppyflow.engine import BLOCK_TYPES, is_empty
from registry_tool.importers.puppyflow.ids import checked_id
from registry_tool.importers.puppyflow.nodes.all_nodes import operation
from registry_tool.importers.puppyflow.nodes.base import Operation, parsed

DATA_NODES = BLOCK_TYPES | {"vector_database"}


@dataclass(slots=True)
class _Wires:
    """Ids of the blocks before and after each operation, by its id."""

    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)


def engine_shape(value: Value, losses: list[Loss]) -> Object:
    """The editor's workflow in the engine's shape; `ForeignError` names what is broken."""
    root = as_object(value, "the workflow")
    nodes = _nodes(as_list(root.get("blocks"), "blocks"))
    blocks = {name: node for name, node in nodes.items() if node["type"] in DATA_NODES}
    operations = {name: node for name, node in nodes.items() if _is_operation(node)}
    for name, node in nodes.items():
        if name not in blocks and name not in operations:
            losses.append(_unknown_node(name, node))
    wires = _wires(as_list(root.get("edges") or [], "edges"), nodes, blocks, operations, losses)
    written = {block for ids in wires.after.values() for block in ids}
    engine_blocks: Object = {
        name: _block(name, node, name in written, losses) for name, node in blocks.items()
    }
    return {
        "blocks": engine_blocks,
        "edges": _edges(operations, wires, engine_blocks, losses),
        "version": text_of(root, "version"),
    }


def _nodes(items: list[Value]) -> dict[str, Object]:
    nodes: dict[str, Object] = {}
    for position, item in enumerate(items):
        node = as_object(item, f"blocks[{position}]")
        name = checked_id(node.get("id"), f"blocks[{position}].id")
        if name in nodes:
            raise ForeignError(f"duplicate id {name!r}", location=f"blocks[{position}].id")
        nodes[name] = {**node, "type": text_of(node, "type"), "data": sub_object(node, "data")}
    return nodes


def _is_operation(node: Object) -> bool:
    return operation(str(node["type"]), sub_object(node, "data")) is not None


def _unknown_node(name: str, node: Object) -> Loss:
    label = text_of(sub_object(node, "data"), "label")
    if node["type"] == "group":
        return Loss(f"blocks.{name}", f"the group {label!r}", "groups only arrange the canvas")
    return Loss(f"blocks.{name}", f"a node of type {node['type']!r}", "its type is unknown")


def _wires(
    items: list[Value],
    nodes: Mapping[str, Object],
    blocks: Mapping[str, Object],
    operations: Mapping[str, Object],
    losses: list[Loss],
) -> _Wires:
    wires = _Wires()
    for position, item in enumerate(items):
        wire = as_object(item, f"edges[{position}]")
        source, target = text_of(wire, "source"), text_of(wire, "target")
        if source in blocks and target in operations:
            _add(wires.before, target, source)
        elif source in operations and target in blocks:
            _add(wires.after, source, target)
        else:
            losses.append(Loss(f"edges[{position}]", "a wire", _why(source, target, nodes)))
    return wires


def _add(wires: dict[str, list[str]], operation_id: str, block: str) -> None:
    known = wires.setdefault(operation_id, [])
    if block not in known:
        known.append(block)


def _why(source: str, target: str, nodes: Mapping[str, Object]) -> str:
    for end in (source, target):
        if end not in nodes:
            return f"there is no node {end!r}"
    return f"it joins {source} and {target}, which are not a block and an operation"


def _block(name: str, node: Object, written: bool, losses: list[Loss]) -> Object:
    data = dict(sub_object(node, "data"))
    content = data.get("content")
    if node["type"] == "structured":
        data["content"] = _structured(name, content, losses)
    if is_empty(content) and not written:
        data["content"] = None  # the editor waits until somebody fills it in
    return {**node, "label": text_of(data, "label") or name, "data": data}


def _structured(name: str, content: Value, losses: list[Loss]) -> Value:
    value = parsed(content)
    if isinstance(value, dict | list):
        return value
    if isinstance(content, str) and content.strip().startswith(("{", "[")):
        losses.append(Loss(f"blocks.{name}", "the structure", "its text is not JSON: kept as text"))
    return content


def _edges(
    operations: Mapping[str, Object], wires: _Wires, blocks: Object, losses: list[Loss]
) -> Object:
    edges: Object = {}
    labels = {name: text_of(as_object(block, name), "label") for name, block in blocks.items()}
    contents = {
        name: sub_object(as_object(block, name), "data").get("content")
        for name, block in blocks.items()
    }
    for name, node in operations.items():
        before, after = wires.before.get(name, []), wires.after.get(name, [])
        if not after:
            why = "no wire leads from it to a block, so it computes nothing"
            losses.append(Loss(f"blocks.{name}", f"the operation {node['type']}", why))
            continue
        edges[name] = _edge(
            Operation(
                name,
                sub_object(node, "data"),
                tuple((block, labels[block]) for block in before),
                tuple((block, labels[block]) for block in after),
                contents,
                losses,
            ),
            str(node["type"]),
        )
    return edges


def _edge(node: Operation, node_type: str) -> Object:
    found = operation(node_type, node.data)
    if found is None:
        raise ForeignError(f"{node_type!r} is not an operation", location=f"blocks.{node.id}")
    type_, build = found
    ends: Object = {"inputs": dict(node.inputs), "outputs": dict(node.outputs)}
    return {"type": type_, "data": {**build(node), **ends}}
