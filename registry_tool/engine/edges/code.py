"""`code`: the author's Python function over the source blocks, in the sandbox.

Config: `code` (defines `main`, or one function), `timeout` (Go-style duration, default 10s, at most 60s), `memory`
in MiB (default 256). Parameters are taken by name: a source block's id or label as it is where that is a Python
name, `arg_<id>` with every other character than letters and digits as `_`, an interface input's name (where the
text of the code has a parameter of that name), or `inputs` (all blocks by id). With several targets the function
returns an object by target id.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_tool.core.clock import seconds
from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.engine.sandbox.base import SandboxLimits
from registry_tool.manifest.code_inputs import inputs_of_code

_LONGEST = 60.0
_OTHER = re.compile(r"\W", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class CodeConfig(EdgeConfig):
    """The function and its bounds; `memory` in MiB."""

    code: str
    timeout: str = "10s"
    memory: int = 256


class CodeEdge:
    """Run a function in the sandbox."""

    type = "code"
    config = CodeConfig

    async def run(self, call: EdgeCall, config: CodeConfig, services: Services) -> dict[str, Value]:
        """The function's value for every target."""
        if services.sandbox is None:
            raise MissingServiceError(
                "there is no sandbox, so the code was not run",
                hint="pip install 'puppyai-workflow-registry[sandbox]'",
            )
        value = await services.sandbox.call(
            config.code, arguments(call), limits_of(config.timeout, config.memory)
        )
        if len(call.edge.targets) == 1:
            return call.to_all(value)
        if not isinstance(value, dict):
            raise EdgeError("with several targets the code returns an object by target id")
        return {target: value[target] for target in call.edge.targets if target in value}


def arguments(call: EdgeCall) -> Object:
    """Everything that a parameter may be called, by name."""
    taken = inputs_of_code(call.edge, call.given)
    found: Object = {name: call.given[name] for name in taken if name.isidentifier()}
    for block in call.sources:
        value = call.inputs[block.id]
        for name in (block.label, block.id):
            if name.isidentifier():
                found[name] = value
        found[f"arg_{_OTHER.sub('_', block.id)}"] = value
    found["inputs"] = dict(call.inputs)
    return found


def limits_of(timeout: str, memory: int) -> SandboxLimits:
    """Bounds from a duration and a number of MiB; `EdgeError` where the duration is malformed."""
    usual = SandboxLimits()
    try:
        wanted = seconds(timeout)
    except ValueError as error:
        raise EdgeError(str(error), location="config.timeout") from None
    return SandboxLimits(min(wanted, _LONGEST), memory * 2**20, usual.output)
