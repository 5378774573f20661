"""Where a run begins: what starts a workflow there becomes its inputs here."""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeReport, NodeStatus
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork
from registry_tool.importers.project import EdgeEnds

_FORM_TYPES: Final = {"number": "number", "file": "file"}
_PORT_TYPES: Final = frozenset({"string", "number", "boolean", "object", "array"})
_SOMEBODY: Final = "something has to start it here: it does not start by itself"


def manual(node: FlowNode, work: FlowWork) -> NodeReport:
    """One empty item."""
    _constant(node, work)
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def scheduled(node: FlowNode, work: FlowWork) -> NodeReport:
    """One empty item, and a word on who starts it."""
    _constant(node, work)
    return NodeReport(node.name, node.type, NodeStatus.NEEDS, _SOMEBODY)


def _constant(node: FlowNode, work: FlowWork) -> None:
    (target, *_) = work.outputs[node.name]
    code = "def main():\n    return [{}]\n"
    ends = EdgeEnds([], [target])
    work.project.edge(work.project.new_id(f"{node.name} item"), "code", ends, {"code": code})


def chat(node: FlowNode, work: FlowWork) -> NodeReport:
    """The message and the session."""
    required = not _is_one_of_several(work)
    fields: list[tuple[str, str, Object]] = [
        ("chatInput", "string", {"required": True} if required else {"default": ""}),
        ("sessionId", "string", {"default": ""}),
    ]
    _item_of(node, work, fields)
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def webhook(node: FlowNode, work: FlowWork) -> NodeReport:
    """What a request holds: body, query, headers and params are inputs."""
    fields: list[tuple[str, str, Object]] = [
        (name, "object", {"default": {}}) for name in ("body", "query", "headers", "params")
    ]
    _item_of(node, work, fields)
    why = "a run takes the request's parts as inputs; a live registry's address takes requests"
    return NodeReport(node.name, node.type, NodeStatus.RUNS, why)


def form(node: FlowNode, work: FlowWork) -> NodeReport:
    """An input for each field."""
    values = sub_object(node.parameters, "formFields").get("values")
    fields: list[tuple[str, str, Object]] = []
    for item in values if isinstance(values, list) else []:
        if isinstance(item, dict) and (label := text_of(item, "fieldLabel")):
            type_ = _FORM_TYPES.get(text_of(item, "fieldType"), "string")
            needed = item.get("requiredField") is True and not _is_one_of_several(work)
            more: Object = {"required": True} if needed else {"default": None}
            fields.append((label, type_ if needed else "any", more))
    _item_of(node, work, fields)
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def called(node: FlowNode, work: FlowWork) -> NodeReport:
    """What another workflow gives: the declared fields, else whole items."""
    values = sub_object(node.parameters, "workflowInputs").get("values")
    fields: list[tuple[str, str, Object]] = []
    for item in values if isinstance(values, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "name")):
            type_ = text_of(item, "type", "string")
            kind = type_ if type_ in _PORT_TYPES else "any"
            fields.append((name, kind, {"required": True}))
    if fields:
        _item_of(node, work, fields)
    else:
        _items(node, work)
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def _items(node: FlowNode, work: FlowWork) -> None:
    (target, *_) = work.outputs[node.name]
    project = work.project
    block = project.block(project.new_id("items"), "structured")
    said = "The items that the workflow works on: a list of objects."
    project.input("items", "array", block, default=[], description=said)
    ends = EdgeEnds([block], [target])
    project.edge(project.new_id(f"{node.name} items"), "modify", ends, {"modify_type": "copy"})


def _is_one_of_several(work: FlowWork) -> bool:
    starts = [node for node in work.flow.nodes.values() if node.type in TRIGGERS]
    return len(starts) > 1


def _item_of(node: FlowNode, work: FlowWork, fields: list[tuple[str, str, Object]]) -> None:
    """Inputs, and one item of them."""
    project = work.project
    (target, *_) = work.outputs[node.name]
    blocks: dict[str, str] = {}
    for name, type_, more in fields:
        kind = "text" if type_ == "string" else "structured"
        blocks[name] = project.block(project.new_id(name, "field"), kind, name)
        port: dict[str, Value] = {**more}
        project.input(name, type_, blocks[name], **port)
    pairs = "".join(f"        {name!r}: inputs[{block!r}],\n" for name, block in blocks.items())
    code = f"def main(inputs):\n    return [{{\n{pairs}    }}]\n"
    ends = EdgeEnds(list(blocks.values()), [target])
    project.edge(project.new_id(f"{node.name} item"), "code", ends, {"code": code})


TRIGGERS: Final = {
    "manualTrigger": manual,
    "start": manual,
    "scheduleTrigger": scheduled,
    "cron": scheduled,
    "interval": scheduled,
    "chatTrigger": chat,
    "manualChatTrigger": chat,
    "webhook": webhook,
    "formTrigger": form,
    "executeWorkflowTrigger": called,
}
"""By type; any other trigger is declared as a service that gives items."""
