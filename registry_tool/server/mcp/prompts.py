"""A workflow as a prompt: what a person picks, with its inputs, to have the model call the tool. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from mcp_types import GetPromptResult, Prompt, PromptArgument, PromptMessage, TextContent

from registry_tool.core.errors import UsageError
from registry_tool.core.suggest import did_you_mean
from registry_tool.manifest.model import Port, Workflow


def prompt_of(name: str, workflow: Workflow) -> Prompt:
    """What a client hears of it; its arguments are the interface's inputs."""
    return Prompt(
        name=name,
        title=f"{workflow.name} {workflow.version}",
        description=workflow.metadata.description or f"Runs the workflow {workflow.name}.",
        arguments=[
            PromptArgument(
                name=port.name,
                description=port.description or f"{port.type}",
                required=port.required and not port.has_default,
            )
            for port in workflow.interface.inputs
        ],
    )


def message_of(name: str, workflow: Workflow, given: Mapping[str, str]) -> GetPromptResult:
    """The words that have a model call the tool; `UsageError` for an input that is unknown or missing."""
    ports = {port.name: port for port in workflow.interface.inputs}
    for key in given:
        if key not in ports:
            raise UsageError(f"{name} has no input {key[:64]!r}", hint=did_you_mean(key, ports))
    missing = [
        port.name
        for port in ports.values()
        if port.required and not port.has_default and port.name not in given
    ]
    if missing:
        raise UsageError(f"{name} needs {', '.join(missing)}")
    inputs = {key: _value(ports[key], text) for key, text in given.items()}
    arguments = json.dumps(inputs, ensure_ascii=False)
    text = f"Call the tool `{name}` with these arguments, and show what it gives: {arguments}"
    message = PromptMessage(role="user", content=TextContent(text=text))
    return GetPromptResult(description=workflow.metadata.description or None, messages=[message])


def _value(port: Port, text: str) -> object:
    """A prompt's arguments are texts; what stands for another type is read as JSON where it is some."""
    if port.type == "string":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
