"""The inputs of a request, plain or sealed; and a request that may lie in a job's files, sealed in any case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.requests.schema import has_lone_surrogate
from registry_tool.commands.requests.seal import opened_inputs, sealing_context
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Value
from registry_tool.manifest.model import Workflow
from registry_tool.security.keys import KeyRing
from registry_tool.security.sealing import open_inputs, seal_inputs
from registry_tool.sources.program import Program


def check_whole(inputs: Mapping[str, Value]) -> None:
    """`UsageError` where a text holds half a character (a lone surrogate), which no file can keep."""
    for name, value in inputs.items():
        if has_lone_surrogate({name: value}):
            raise UsageError(
                f"the input {name!r} holds half a character",
                hint="send whole Unicode characters: a lone surrogate is not one",
            )


def dispatched_inputs(
    request: ExecuteRequest, environment: str, program: Program, ring: KeyRing
) -> Mapping[str, Value]:
    """The inputs of a request from outside; `UsageError` for plain ones where the version, or one that it calls,
    wants them sealed."""
    return opened_inputs(request.sealed, request.inputs, environment, program, ring)


def requested_inputs(
    request: ExecuteRequest, environment: str, workflow: Workflow, ring: KeyRing
) -> Mapping[str, Value]:
    """The inputs of a request that was let through."""
    if not request.sealed:
        return request.inputs
    return open_inputs(request.sealed, ring, sealing_context(environment, workflow.name))


def sealed_request(request: ExecuteRequest, environment: str, ring: KeyRing) -> ExecuteRequest:
    """The request with its inputs sealed to the environment's own key, for the job's next steps alone."""
    if request.sealed or not request.inputs:
        return request
    context = sealing_context(environment, request.workflow)
    sealed = seal_inputs(dict(request.inputs), ring.newest.public, context)
    return replace(request, inputs={}, sealed=sealed)
