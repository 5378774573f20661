"""`agent` nodes: one that has no tools asks a model, once; any other works with plug-ins of Dify."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.dify.document import Node
from registry_tool.importers.dify.nodes.model import llm
from registry_tool.importers.dify.work import NodeStep, Work
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import NotRunnableError

_ASKING: Final = frozenset({"function_calling", "react"})
"""Strategies that, without tools, ask the model once."""
_KNOWN: Final = frozenset({"instruction", "model", "query", "tools", "maximum_iterations"})
_MOST_NAMED: Final = 8


def agent(node: Node, work: Work) -> NodeStep:
    """The question of an agent without tools, as an `llm` node would ask it."""
    parameters = sub_object(node.data, "agent_parameters")
    strategy = text_of(node.data, "agent_strategy_name").casefold()
    if tools := _tools(_value(parameters, "tools")):
        raise NotRunnableError(
            f"it lets its model call plug-ins of Dify ({_few(tools)}) again and again; an llm edge with tools "
            "asks one model once"
        )
    if strategy not in _ASKING:
        raise NotRunnableError(
            f"its strategy {text_of(node.data, 'agent_strategy_label') or strategy or 'of no name'} "
            "is a plug-in of Dify"
        )
    if more := sorted(
        name for name in parameters if name not in _KNOWN and _value(parameters, name)
    ):
        raise NotRunnableError(f"its strategy takes {_few(more)}, which only the plug-in knows")
    return llm(replace(node, type="llm", data=_as_llm(node.data, parameters)), work)


def _as_llm(data: Frozen, parameters: Frozen) -> Object:
    """The data of an `llm` node that asks the same."""
    model = _value(parameters, "model")
    about = model if isinstance(model, dict) else {}
    messages: list[Value] = [
        {"role": role, "text": text}
        for role, name in (("system", "instruction"), ("user", "query"))
        if isinstance(text := _value(parameters, name), str) and text
    ]
    memory = {"memory": data["memory"]} if sub_object(data, "memory") else {}
    named: Object = {**about, "name": about.get("model") or about.get("name")}
    return {"title": data.get("title"), "model": named, "prompt_template": messages, **memory}


def _value(parameters: Frozen, name: str) -> Value:
    """A parameter's value; a variable stands as the placeholder of its selector."""
    item = parameters.get(name)
    if not isinstance(item, dict) or "value" not in item:
        return item
    value = item["value"]
    if item.get("type") == "variable" and isinstance(value, list):
        return "{{#" + ".".join(map(str, value)) + "#}}"
    return value


def _tools(value: Value) -> list[str]:
    """The names of the tools that are switched on."""
    items = value if isinstance(value, list) else []
    return [
        text_of(item, "tool_label") or text_of(item, "tool_name") or "a tool"
        for item in items
        if isinstance(item, dict) and item.get("enabled") is not False
    ]


def _few(names: list[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"
