"""Apps without a graph (chat, completion, agent): the graph that does what their settings say."""

from __future__ import annotations

import re

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import sub_object, text_of

_VARIABLE = re.compile(r"\{\{([A-Za-z_][A-Za-z0-9_]*)\}\}")
_TYPES = {
    "text-input": "text-input",
    "paragraph": "paragraph",
    "select": "select",
    "number": "number",
}


def graph_of_chat(mode: str, config: Frozen) -> Object:
    """Start, model, answer; an agent's tools make its model a node of type `agent`."""
    form = config.get("user_input_form")
    variables = (
        [_variable(item) for item in form if isinstance(item, dict)]
        if isinstance(form, list)
        else []
    )
    prompt = _VARIABLE.sub(r"{{#start.\1#}}", text_of(config, "pre_prompt"))
    about = sub_object(config, "agent_mode")
    listed = about.get("tools")
    tools = [one for one in listed if _is_on(one)] if isinstance(listed, list) else []
    agent = bool(tools) and (mode == "agent-chat" or about.get("enabled") is True)
    chat = mode != "completion"  # what is said comes after the memory
    messages: list[Value] = [{"role": "system" if chat else "user", "text": prompt}]
    model: Object = {
        "type": "agent" if agent else "llm",
        "title": "Model",
        "model": sub_object(config, "model"),
        "prompt_template": [item for item in messages if isinstance(item, dict) and item["text"]],
        **({"vision": {"enabled": True}} if _sees(config) else {}),
        **({"memory": {"window": {"enabled": False}}} if chat else {}),
        **({"agent_parameters": {"tools": {"type": "constant", "value": tools}}} if agent else {}),
    }
    answer = {"type": "answer", "title": "Answer", "answer": "{{#model.text#}}"}
    nodes: list[Value] = [
        {
            "id": "start",
            "data": {"type": "start", "title": "Start", "variables": list[Value](variables)},
        },
        {"id": "model", "data": model},
        {"id": "answer", "data": dict[str, Value](answer)},
    ]
    wires: list[Value] = [
        {"source": "start", "target": "model"},
        {"source": "model", "target": "answer"},
    ]
    return {"nodes": nodes, "edges": wires}


def _is_on(tool: Value) -> bool:
    """Whether a tool is switched on; the first versions write it as `{name: {enabled}}`."""
    if not isinstance(tool, dict):
        return False
    first = next(iter(tool.values()), None)
    about = first if len(tool) == 1 and isinstance(first, dict) else tool
    return about.get("enabled") is not False


def _sees(config: Frozen) -> bool:
    """Whether the user may add pictures to what is asked."""
    upload = sub_object(config, "file_upload")
    return upload.get("enabled") is True or sub_object(upload, "image").get("enabled") is True


def _variable(item: Object) -> Object:
    """`{paragraph: {variable, label, …}}` as a graph's start has it."""
    kind, about = next(iter(item.items()), ("text-input", {}))
    return {**(about if isinstance(about, dict) else {}), "type": _TYPES.get(kind, kind)}
