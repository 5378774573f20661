"""Nodes that nothing of ours does: declared as `external` edges, with all that they read."""

from __future__ import annotations

from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import selector_of, selectors_of, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NodeStatus

_SELECTORS: Final = (
    "query_variable_selector",
    "variable_selector",
    "iterator_selector",
    "variable",
    "query",
)
_WHY: Final = {
    "tool": "a plug-in of Dify; an http edge may ask the service itself",
    "agent": "an agent of Dify, which calls its plug-ins; an llm edge with tools asks one model",
    "document-extractor": "it names no file",
    "human-input": "somebody fills in its form in Dify; here a run ends, and a test gives the answer by hand",
}
_FIELDS: Final = {
    "knowledge-retrieval": ("result",),
    "tool": ("text", "files", "json"),
    "agent": ("text", "files", "json"),
    "document-extractor": ("text",),
    "http-request": ("body", "status_code", "headers", "files"),
    "iteration": ("output",),
    "llm": ("text",),
    "template-transform": ("output",),
}


def external(node: Node, work: Work, why: str = "") -> NodeStep:
    """What the node asks and reads, for people and rules; the value is an object of its outputs."""
    reason = why or _WHY.get(node.type, "a node of Dify that has no equal here")
    service, operation = _service(node)
    reads: list[str] = []
    inputs = _inputs(node, work, reads)
    config: Object = {
        "service": service[:128],
        "operation": operation[:256],
        "inputs": inputs,
        "why": reason[:1024],
    }
    known = (*_FIELDS.get(node.type, ()), *sub_object(node.data, "outputs"))
    fields: dict[str, tuple[str, ...]] = {"": (), **{name: (name,) for name in known}}
    return NodeStep(
        "external",
        {key: value for key, value in config.items() if value},
        unique(reads),
        fields,
        "structured",
        {},
        NodeStatus.CARRIED,
        reason,
    )


def _service(node: Node) -> tuple[str, str]:
    data = node.data
    if node.type == "tool":
        provider = text_of(data, "provider_name") or text_of(data, "provider_id") or "Dify"
        return provider, text_of(data, "tool_label") or text_of(data, "tool_name") or "tool"
    if node.type == "agent":
        return text_of(data, "agent_strategy_provider_name") or "Dify", text_of(
            data, "agent_strategy_label"
        ) or "agent"
    return "Dify", node.type


def _inputs(node: Node, work: Work, reads: list[str]) -> Object:
    """The parameters of tools and agents, and whatever other nodes say that they read."""
    found: Object = {}
    for name, item in _parameters(node):
        text = _text(node, item, work, reads)
        if text:
            found[name] = text
    for key in _SELECTORS:
        if len(selector := selector_of(node.data.get(key))) > 1:
            reference = work.of(node, selector)
            reads.append(reference.block)
            found[key.removesuffix("_selector")] = reference.placeholder
    variables = node.data.get("variables")
    for item in variables if isinstance(variables, list) else []:
        if isinstance(item, dict) and (name := text_of(item, "variable")):
            reference = work.of(node, item.get("value_selector"))
            reads.append(reference.block)
            found[name] = reference.placeholder
    if found:
        return found
    for number, selector in enumerate(selectors_of(dict(node.data)), 1):
        if not work.is_known(selector):
            continue
        reference = work.of(node, selector)
        reads.append(reference.block)
        found[f"value_{number}"] = reference.placeholder
    return found


def _parameters(node: Node) -> list[tuple[str, Value]]:
    holders = (
        sub_object(node.data, key)
        for key in ("tool_configurations", "tool_parameters", "agent_parameters")
    )
    return [pair for holder in holders for pair in holder.items()]


def _text(node: Node, item: Value, work: Work, reads: list[str]) -> Value:
    if not isinstance(item, dict) or "value" not in item:
        return _plain(node, item, work, reads)
    value = item["value"]
    if item.get("type") == "variable" and isinstance(value, list):
        reference = work.of(node, value)
        reads.append(reference.block)
        return reference.placeholder
    return _plain(node, value, work, reads)


def _plain(node: Node, value: Value, work: Work, reads: list[str]) -> Value:
    """A value as it is, its texts as templates of ours, whatever they hold."""
    if isinstance(value, str):
        text = work.text(node, value)
        reads += text.reads
        return text.template
    if isinstance(value, list):
        return [_plain(node, item, work, reads) for item in value]
    if isinstance(value, dict):
        return {key: _plain(node, item, work, reads) for key, item in value.items()}
    return value
