"""`code`: the author's Python function over the source blocks, in the sandbox.

Config: `code` (defines `main`, or one function), `timeout` (Go-style duration, default 10s, at most 60s), `memory`
in MiB (default 256). Parameters are taken by name: a source block's id or label as it is where that is a Python
name, `arg_<id>` with every other character than letters and digits as `_`, an interface input's name, or
`inputs` (all of them by block id). With several targets the function returns an object by target id.
"""

from __future__ import annotations

import re

from registry_tool.core.clock import seconds
from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.sandbox.base import SandboxLimits

_LONGEST = 60.0
_OTHER = re.compile(r"\W", re.ASCII)


class CodeEdge:
    """Run a function in the sandbox."""

    type = "code"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The function's value for every target."""
        code = call.config.get("code")
        if not isinstance(code, str) or not code.strip():
            raise EdgeError("a code edge needs its code", place="config.code")
        if services.sandbox is None:
            raise EdgeError(
                "there is no sandbox, so the code was not run",
                way_out="pip install 'puppyai-workflow-registry[sandbox]'",
            )
        value = await services.sandbox.call(code, arguments(call), _limits(call))
        if len(call.edge.targets) == 1:
            return call.to_all(value)
        if not isinstance(value, dict):
            raise EdgeError("with several targets the code returns an object by target id")
        return {target: value[target] for target in call.edge.targets if target in value}


def arguments(call: EdgeCall) -> Object:
    """Everything that a parameter may be called, by name."""
    found: Object = {name: value for name, value in call.given.items() if name.isidentifier()}
    for block in call.sources:
        value = call.inputs[block.id]
        for name in (block.label, block.id):
            if name.isidentifier():
                found[name] = value
        found[f"arg_{_OTHER.sub('_', block.id)}"] = value
    found["inputs"] = dict(call.inputs)
    return found


def _limits(call: EdgeCall) -> SandboxLimits:
    usual = SandboxLimits()
    timeout, memory = call.config.get("timeout", "10s"), call.config.get("memory", 256)
    try:
        wanted = seconds(str(timeout))
    except ValueError as error:
        raise EdgeError(str(error), place="config.timeout") from None
    if not isinstance(memory, int) or isinstance(memory, bool) or not 32 <= memory <= 1024:
        raise EdgeError("memory is in MiB, from 32 to 1024", place="config.memory")
    return SandboxLimits(min(wanted, _LONGEST), memory * 2**20, usual.output)
