"""`workflow`: calls a dependency.

Config: `name` (one of `runtime.dependencies.workflows`), `inputs` ({input name: template}; without it every
source is passed under its label or id), `output` (which output to take; default: the only one, or all as an
object). With several targets each takes the output of its own id or label.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.manifest.template import expand


class WorkflowEdge:
    """Call another workflow."""

    type = "workflow"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The callee's outputs by target."""
        name = call.config.get("name")
        if not isinstance(name, str) or not name:
            raise EdgeError("a workflow edge needs the dependency's name", place="config.name")
        if services.run_workflow is None:
            raise EdgeError(f"this run can't call {name}", way_out="run it from a registry")
        outputs = await services.run_workflow(name, _inputs(call))
        if len(call.targets) > 1:
            return {
                block.id: outputs[key]
                for block in call.targets
                for key in (block.id, block.label)
                if key in outputs
            }
        return call.to_all(_one(call, name, outputs))


def _inputs(call: EdgeCall) -> Object:
    if "inputs" in call.config:
        return cast(Object, expand(call.config["inputs"], call.scope))
    return {block.label or block.id: call.inputs[block.id] for block in call.sources}


def _one(call: EdgeCall, name: str, outputs: Mapping[str, Value]) -> Value:
    wanted = call.config.get("output")
    if wanted is None:
        return next(iter(outputs.values())) if len(outputs) == 1 else dict(outputs)
    if wanted not in outputs:
        raise EdgeError(
            f"{name} has no output {wanted!r}; it has {', '.join(outputs)}", place="config.output"
        )
    return outputs[str(wanted)]
