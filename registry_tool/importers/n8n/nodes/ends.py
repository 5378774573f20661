"""Where items leave the workflow: the output of each node at an end, and what answers a request."""

from __future__ import annotations

from typing import Final

from registry_tool.importers.foreign_values import text_of
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.nodes.triggers import TRIGGERS
from registry_tool.importers.n8n.work import FlowWork
from registry_tool.importers.project import EdgeEnds

RESPOND: Final = "respondToWebhook"


def respond(node: FlowNode, work: FlowWork) -> NodeReport:
    """The output `response`; the items go on."""
    given = node.parameters
    kind = text_of(given, "respondWith", "firstIncomingItem")
    reads: list[str] = []
    chosen = {
        "firstIncomingItem": "at(items, '0')",
        "allIncomingItems": "items",
        "noData": "None",
        "json": work.python(given.get("responseBody", ""), reads),
        "text": work.python(given.get("responseBody", ""), reads),
    }
    if kind not in chosen:
        raise NotRunnableError(f"it answers with {kind}")
    body = f"    item, index = at(items, '0'), 0\n    return {chosen[kind]}\n"
    block = work.make(node, body, reads, title=f"{node.name} response")
    work.project.output("response", block)
    target = work.outputs[node.name][0]
    edge = work.project.new_id(f"{target} items")
    ends = EdgeEnds([work.given(node)], [target])
    work.project.edge(edge, "modify", ends, {"modify_type": "copy"})
    return NodeReport(node.name, node.type, NodeStatus.RUNS)


def outputs(work: FlowWork) -> None:
    """An output for each node whose items go nowhere else."""
    for node in work.flow.nodes.values():
        blocks = work.outputs.get(node.name)
        left = {wire.output for wire in work.flow.out_of(node.name)}
        if not blocks or left or node.type in TRIGGERS or node.type == RESPOND:
            continue
        work.project.output(node.name, blocks[0], description=f"The items of {node.name}."[:1024])
