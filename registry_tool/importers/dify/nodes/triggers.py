"""Triggers as the beginning of a run: what a webhook brings is inputs; a schedule is somebody else's to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.references import ValueReference
from registry_tool.importers.dify.work import Work
from registry_tool.importers.foreign_values import text_of

WEBHOOK: Final = "trigger-webhook"
SCHEDULE: Final = "trigger-schedule"
WHY_TRIGGERS: Final[Mapping[str, str]] = {
    WEBHOOK: "nobody waits for its requests here: let the sender run it (POST …/execute of a live registry) with "
    "what they hold as inputs",
    SCHEDULE: "nobody keeps its schedule here: let cron or a job run it",
}
_TYPES: Final[Mapping[str, str]] = {
    "string": "string",
    "number": "number",
    "boolean": "boolean",
    "object": "object",
    "file": "file",
}


def webhook(node: Node, work: Work) -> str:
    """An input for each header, parameter and field of the body; texts where nothing else is said."""
    _tell_others(node, work)
    work.outputs[node.id] = {}
    for item in _parameters(node):
        name = text_of(item, "name").replace("-", "_")
        written = text_of(item, "type", "string")
        type_ = "array" if written.startswith("array") else _TYPES.get(written, "string")
        block = work.project.new_id(name, "input")
        work.project.block(block, "text" if type_ == "string" else _kind(type_), name)
        if item.get("required") is True and len(_beginnings(work)) == 1:
            work.project.input(name, type_, block, required=True)
        else:
            empty = "" if type_ in {"string", "file"} else None
            work.project.input(name, type_ if empty == "" else "any", block, default=empty)
        work.outputs[node.id][name] = ValueReference(block)
    return ""


def schedule(node: Node, work: Work) -> str:
    """It gives nothing."""
    _tell_others(node, work)
    work.outputs[node.id] = {}
    return ""


def _beginnings(work: Work) -> list[Node]:
    """Where runs may begin; each in Dify by itself."""
    kinds = {"start", WEBHOOK, SCHEDULE, "trigger-plugin"}
    return [node for node in work.app.nodes.values() if node.type in kinds]


def _tell_others(node: Node, work: Work) -> None:
    if len(_beginnings(work)) > 1:
        why = "a run goes through what follows all of them; cut the others' ways off, or split the workflow"
        work.lose(node, "that only one of several beginnings starts a run", why)


def _kind(type_: str) -> str:
    return "file" if type_ == "file" else "structured"


def _parameters(node: Node) -> Iterator[Object]:
    for key in ("headers", "params", "body"):
        listed: Value = node.data.get(key)
        for item in listed if isinstance(listed, list) else []:
            if isinstance(item, dict) and text_of(item, "name"):
                yield item
