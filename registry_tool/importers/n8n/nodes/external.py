"""Nodes that nothing of ours does: declared as `external` edges, with their parameters."""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Object
from registry_tool.importers.imported import NodeReport, NodeStatus
from registry_tool.importers.n8n.document import FlowNode
from registry_tool.importers.n8n.work import FlowWork
from registry_tool.importers.project import EdgeEnds
from registry_tool.manifest.template import escape

_WHY: Final = "a node of n8n that has no equal here; an http edge may ask the service itself"
_MOST: Final = 40
_LONGEST: Final = 2000


def external(node: FlowNode, work: FlowWork, why: str = "") -> NodeReport:
    """Who is asked what with which parameters; each output is a target."""
    reason = why or _WHY
    service = node.type.removesuffix("Tool").removesuffix("Trigger") or node.type or "unknown"
    operation = str(node.parameters.get("operation") or node.type or "unknown")
    inputs: Object = {}
    for key, value in list(node.parameters.items())[:_MOST]:
        if isinstance(value, str | int | float | bool) and str(value):
            inputs[key] = escape(str(value)[:_LONGEST])
    config: Object = {
        "service": service[:128],
        "operation": operation[:256],
        **({"inputs": inputs} if inputs else {}),
        "why": reason[:1024],
    }
    sources = dict.fromkeys(
        work.given(node, wire.input) for wire in work.flow.wires if wire.target == node.name
    )
    targets = work.outputs[node.name]
    work.project.asks(service[:128])
    edge = work.project.new_id(f"{targets[0]} elsewhere")
    work.project.edge(edge, "external", EdgeEnds(list(sources), targets), config)
    return NodeReport(node.name, node.type, NodeStatus.CARRIED, reason)


def served(node: FlowNode, work: FlowWork) -> NodeReport:
    """A node that serves others: read with them, or declared with them."""
    kinds = {link.kind for link in work.flow.links if link.source == node.name}
    users = sorted({link.target for link in work.flow.links if link.source == node.name})
    if kinds <= {"ai_languageModel", "ai_outputParser"}:
        return NodeReport(node.name, node.type, NodeStatus.RUNS, f"as part of {', '.join(users)}")
    why = f"it serves {', '.join(users)} as {', '.join(sorted(kinds))}, which no edge of ours takes"
    return NodeReport(node.name, node.type, NodeStatus.CARRIED, why)
