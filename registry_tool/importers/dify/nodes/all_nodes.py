"""Every node type that is built, by hand. What is missing here is declared as `external`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from registry_tool.importers.dify.document import NOTE, Node
from registry_tool.importers.dify.nodes.agent import agent
from registry_tool.importers.dify.nodes.branches import if_else, question_classifier
from registry_tool.importers.dify.nodes.code import code
from registry_tool.importers.dify.nodes.documents import document_extractor
from registry_tool.importers.dify.nodes.ends import answer, end, start
from registry_tool.importers.dify.nodes.external import external
from registry_tool.importers.dify.nodes.extract import EXTRACTOR, completed, parameter_extractor
from registry_tool.importers.dify.nodes.failure import failing_way, prepared
from registry_tool.importers.dify.nodes.http import http_request
from registry_tool.importers.dify.nodes.human_input import HUMAN, form, ways
from registry_tool.importers.dify.nodes.iteration import iteration
from registry_tool.importers.dify.nodes.jinja import template_transform
from registry_tool.importers.dify.nodes.knowledge import KNOWLEDGE, knowledge_retrieval
from registry_tool.importers.dify.nodes.loop import LOOP_END, loop, loop_end
from registry_tool.importers.dify.nodes.model import llm
from registry_tool.importers.dify.nodes.reasoning import is_parted, parted
from registry_tool.importers.dify.nodes.tools import tool
from registry_tool.importers.dify.nodes.triggers import (
    SCHEDULE,
    WEBHOOK,
    WHY_TRIGGERS,
    schedule,
    webhook,
)
from registry_tool.importers.dify.nodes.values import assigner, list_operator, variable_aggregator
from registry_tool.importers.dify.work import NodeStepBuilder, Work
from registry_tool.importers.imported import NodeReport, NodeStatus, NotRunnableError

STEPS: Final[dict[str, NodeStepBuilder]] = {
    "llm": llm,
    EXTRACTOR: parameter_extractor,
    "code": code,
    "template-transform": template_transform,
    "http-request": http_request,
    "list-operator": list_operator,
    "variable-aggregator": variable_aggregator,
    "variable-assigner": variable_aggregator,  # its name in the first versions
    "document-extractor": document_extractor,
    KNOWLEDGE: knowledge_retrieval,
    "tool": tool,
    "agent": agent,
    "answer": answer,
}
"""Nodes that one edge does."""

PARTS: Final[dict[str, Callable[[Node, Work], str]]] = {
    "start": start,
    WEBHOOK: webhook,
    SCHEDULE: schedule,
    "end": end,
    "if-else": if_else,
    "question-classifier": question_classifier,
    "assigner": assigner,
    "iteration": lambda node, work: iteration(node, work, STEPS, build),
    "loop": lambda node, work: loop(node, work, build),
    LOOP_END: loop_end,
}
"""Nodes that become several blocks and edges; they give the block that is there where they ran."""


def build(node: Node, work: Work) -> NodeReport:
    """Add what a node becomes to the manifest; tell what became of it."""
    if node.type == NOTE:
        return NodeReport(
            node.id,
            NOTE,
            NodeStatus.CARRIED,
            "a note on the canvas: it stands in the carried export",
        )
    back = work.checkpoint()
    try:
        return _built(node, work)
    except NotRunnableError as error:
        back()
        return _declared(node, work, str(error))


def _built(node: Node, work: Work) -> NodeReport:
    if node.type in PARTS:
        PARTS[node.type](node, work)
        why = WHY_TRIGGERS.get(node.type, "")
        return NodeReport(node.id, node.type, NodeStatus.NEEDS if why else NodeStatus.RUNS, why)
    if node.type in STEPS:
        step = prepared(node, STEPS[node.type](node, work))
        name = work.add(node, step)
        failing_way(node, work, name)
        if node.type == EXTRACTOR:
            completed(node, work, name)
        if node.type == "llm" and is_parted(node):
            parted(node, work, name)
        work.answers += [name] if node.type == "answer" else []
        return NodeReport(node.id, node.type, step.status, step.why)
    return _declared(node, work, "")


def _declared(node: Node, work: Work, why: str) -> NodeReport:
    step = form(node, work) if node.type == HUMAN and not why else external(node, work, why)
    work.project.asks(str(step.config["service"]))
    name = work.add(node, step)
    if node.type == HUMAN and not why:
        ways(node, work, name)
    for handle in work.control.handles(node):
        work.gates.setdefault((node.id, handle), name)
    return NodeReport(node.id, node.type, step.status, step.why)
