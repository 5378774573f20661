"""A run that the page asks for: typed inputs and a provider in, what is shown of it out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

from registry_tool.commands.author.dev.page.document import PROVIDERS
from registry_tool.commands.author.dev.page.state import ShownRun, as_text
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object, Value
from registry_tool.engine.answerers import answered_words
from registry_tool.engine.inputs import input_from_text
from registry_tool.engine.run import SUCCESS, RunResult
from registry_tool.manifest.model import Workflow
from registry_tool.runtime.run_program import RunOptions, run_program
from registry_tool.sources.program import Program

_ONE = threading.Lock()


def requested(body: bytes, workflow: Workflow) -> tuple[dict[str, Value], str]:
    """The inputs and the provider in a request of the page; `UsageError` where they are malformed."""
    request = parse_json(body, location="the page's request")
    inputs = request.get("inputs") if isinstance(request, dict) else None
    provider = request.get("provider", "") if isinstance(request, dict) else None
    if not isinstance(inputs, dict) or provider not in {name for name, _ in PROVIDERS}:
        raise UsageError("the request has no inputs, or no provider that there is")
    return dict(_typed(inputs, workflow)), str(provider)


def _typed(inputs: Object, workflow: Workflow) -> Iterator[tuple[str, Value]]:
    """A field that was left empty is not an input where one isn't needed."""
    ports = {port.name: port for port in workflow.interface.inputs}
    for name, text in inputs.items():
        port = ports.get(name)
        if not isinstance(text, str):
            raise UsageError(f"the input {name[:64]!r} is not the text of a field")
        if text or (port is not None and port.required and port.type in {"string", "any"}):
            yield name, input_from_text(port, text) if port else text


def run_once(program: Program, inputs: dict[str, Value], provider: str) -> ShownRun:
    """Run it; `UsageError` while another run goes on."""
    if not _ONE.acquire(blocking=False):
        raise UsageError("a run goes on already", hint="wait until it ends")
    try:
        result = run_program(program, inputs, RunOptions(provider=provider, fresh=True))
    finally:
        _ONE.release()
    return shown_run("The run from this page", result)


def shown_run(title: str, result: RunResult) -> ShownRun:
    """A run as the page shows it."""
    answered = answered_words(result.answered_by, result.instead_of)
    sentences = [
        f"{result.status} in {result.seconds:.2f} s",
        answered,
        *result.notices,
        result.error,
    ]
    return ShownRun(
        title,
        "; ".join(words for words in sentences if words),
        {name: as_text(value) for name, value in result.blocks.items()},
        {name: as_text(value) for name, value in result.outputs.items()},
        result.status != SUCCESS,
    )


def refusal(error: RegistryError) -> Object:
    """Why there was no run."""
    return cast(Object, {"error": error.reason, "help": error.hint})
