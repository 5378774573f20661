"""`human-input` nodes: somebody outside fills in a form and chooses a way; declared with the form's interface."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry_tool.core.values import Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.branches import branch
from registry_tool.importers.dify.nodes.external import external
from registry_tool.importers.dify.references import ValueReference, unique
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import text_of

HUMAN: Final = "human-input"
_ACTION: Final = "__action_id"


def form(node: Node, work: Work) -> NodeStep:
    """What is shown, which fields are filled in, which ways there are; the value is an object of the fields."""
    shown = work.text(node, text_of(node.data, "form_content"))
    names = [
        name for item in _objects(node, "inputs") if (name := text_of(item, "output_variable_name"))
    ]
    ways = {text_of(item, "id"): text_of(item, "title") for item in _objects(node, "user_actions")}
    step = external(node, work)
    inputs: Object = {"form": shown.template}
    if names:
        inputs["fields"] = list[Value](names)
    if ways:
        inputs["actions"] = dict[str, Value](ways)
    known = (*names, _ACTION, "__rendered_content")
    fields: dict[str, tuple[str, ...]] = {"": (), **{name: (name,) for name in known}}
    config: Object = {**step.config, "inputs": inputs}
    return replace(step, config=config, reads=unique([*shown.reads, *step.reads]), fields=fields)


def ways(node: Node, work: Work, name: str) -> None:
    """A gate for each action of the form, by which of them was chosen."""
    actions = [text_of(item, "id") for item in _objects(node, "user_actions")]
    handles = dict.fromkeys([*filter(None, actions), *work.control.handles(node)])
    if handles:
        chosen = ValueReference(name, (_ACTION,))
        branch(node, work, chosen, {handle: handle for handle in handles})


def _objects(node: Node, key: str) -> list[Object]:
    found = node.data.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
