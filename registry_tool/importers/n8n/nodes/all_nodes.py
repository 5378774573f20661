"""Every node type that is built, by hand. What is missing here is declared as `external`."""

from __future__ import annotations

from typing import Final

from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError
from registry_tool.importers.n8n.document import BATCHES, NOTE, FlowNode
from registry_tool.importers.n8n.nodes.code import code
from registry_tool.importers.n8n.nodes.ends import RESPOND, respond
from registry_tool.importers.n8n.nodes.external import external, served
from registry_tool.importers.n8n.nodes.fields import edit_fields
from registry_tool.importers.n8n.nodes.http import http_request
from registry_tool.importers.n8n.nodes.joining import batches, disabled, merge, passes, wait
from registry_tool.importers.n8n.nodes.lists import LISTS, of_list
from registry_tool.importers.n8n.nodes.model import MODELS
from registry_tool.importers.n8n.nodes.triggers import TRIGGERS
from registry_tool.importers.n8n.nodes.ways import filter_, if_, switch
from registry_tool.importers.n8n.work import FlowBuilder, FlowWork

_JAVASCRIPT: Final = frozenset({"function", "functionItem"})
BUILDERS: Final[dict[str, FlowBuilder]] = {
    **TRIGGERS,
    **MODELS,
    **dict.fromkeys(LISTS, of_list),
    "set": edit_fields,
    "if": if_,
    "filter": filter_,
    "switch": switch,
    "code": code,
    "httpRequest": http_request,
    "merge": merge,
    BATCHES: batches,
    "noOp": passes,
    "wait": wait,
    RESPOND: respond,
}
"""By type."""


def build(node: FlowNode, work: FlowWork) -> NodeReport:
    """Add what a node becomes to the manifest; tell what became of it."""
    if node.type == NOTE:
        why = "a note on the canvas: it stands in the carried export"
        return NodeReport(node.name, NOTE, NodeStatus.CARRIED, why)
    if work.flow.serves(node.name):
        return served(node, work)
    if node.is_disabled and node.type not in TRIGGERS:
        return disabled(node, work)
    if node.type in _JAVASCRIPT:
        return external(node, work, "its language is JavaScript; code edges run Python")
    if node.type not in BUILDERS:
        return external(node, work)
    back = work.checkpoint()
    try:
        return BUILDERS[node.type](node, work)
    except NotRunnableError as error:
        back()
        return external(node, work, str(error))
