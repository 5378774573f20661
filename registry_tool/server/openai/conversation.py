"""Between a chat and an interface: messages → inputs, outputs → text. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Final, cast

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Port, Workflow

MESSAGES: Final = "messages"
"""An input of this name and of type array gets the whole conversation."""
ROLES: Final = ("system", "developer", "user", "assistant", "tool")


def inputs_of(workflow: Workflow, messages: Sequence[Value]) -> Object:
    """The inputs that the last message of the user spells.

    Where one text is all that a workflow must have, it is that; all others take a JSON object.
    """
    conversation = [_message(message, position) for position, message in enumerate(messages)]
    ports = {port.name: port for port in workflow.interface.inputs}
    if MESSAGES in ports and ports[MESSAGES].type == "array":
        return {MESSAGES: [dict(one) for one in conversation]}
    texts = [str(one["content"]) for one in conversation if one["role"] == "user"]
    if not texts:
        raise UsageError("messages: there is none of the role user", location=MESSAGES)
    port = text_input(workflow)
    return {port.name: texts[-1]} if port else _object(workflow, texts[-1])


def text_input(workflow: Workflow) -> Port | None:
    """The one text that a workflow takes: its only required input, else its only one."""
    ports = workflow.interface.inputs
    required = [port for port in ports if port.required and not port.has_default]
    (found, *others) = required or ports or (None,)
    return found if found is not None and not others and found.type == "string" else None


def _object(workflow: Workflow, text: str) -> Object:
    names = ", ".join(f"{port.name} ({port.type})" for port in workflow.interface.inputs)
    try:
        value = parse_json(text, location="the message")
    except RegistryError:
        value = None
    if not isinstance(value, dict):
        raise UsageError(
            f"{workflow.reference} takes a JSON object as the user's message",
            location=MESSAGES,
            hint=f"its inputs are {names}" if names else "it has no inputs: send {}",
        )
    return value


def _message(value: Value, position: int) -> Object:
    where = f"messages[{position}]"
    if not isinstance(value, dict) or value.get("role") not in ROLES:
        raise UsageError(f"{where}: it has no role of {', '.join(ROLES)}", location=where)
    return {"role": value["role"], "content": _text(value.get("content"), f"{where}.content")}


def _text(content: Value, where: str) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return "".join(_part(part, where) for part in parts)


def _part(part: Value, where: str) -> str:
    found = part if isinstance(part, dict) else {}
    if found.get("type") in {"text", "input_text", "output_text"}:
        text = found.get("text")
        if isinstance(text, str):
            return text
    raise UsageError(f"{where}: only text is taken", location=where)


def text_of(workflow: Workflow, outputs: Mapping[str, Value]) -> str:
    """One text as it is, all else as JSON."""
    port = text_output(workflow)
    value = outputs.get(port.name) if port else None
    return value if isinstance(value, str) else json.dumps(outputs, sort_keys=True)


def text_output(workflow: Workflow) -> Port | None:
    """The one text that a workflow gives."""
    ports = workflow.interface.outputs
    return ports[0] if len(ports) == 1 and ports[0].type == "string" else None


def streaming_edge(workflow: Workflow, bound: Mapping[str, str]) -> str:
    """The edge whose words are the output as they come; empty where that is known at the end alone.

    `bound` is the block of each output. What is looped, asked for JSON or written by several edges is not.
    """
    port = text_output(workflow)
    if port is None or any(edge.type == "loop" for edge in workflow.edges):
        return ""
    block = bound.get(port.name, "")
    writing = [edge for edge in workflow.edges if block in edge.targets]
    if len(writing) != 1 or writing[0].type != "llm" or "structured_output" in writing[0].config:
        return ""
    known = workflow.block_by_id
    looped = any(known[name].looped for name in writing[0].sources if name in known)
    return "" if looped or len(writing[0].targets) > 1 else writing[0].id


USAGE: Final = ("input_tokens", "output_tokens")


def usage_of(document: Object) -> tuple[int, int]:
    """Tokens in and out of a run's document."""
    usage = cast(Object, document.get("usage") or {})
    first, second = (usage.get(key) for key in USAGE)
    return (
        first if isinstance(first, int) else 0,
        second if isinstance(second, int) else 0,
    )
