"""`workflow`: calls a dependency.

Config: `name` (one of `runtime.dependencies.workflows`), `inputs` ({input name: template}; without it every
source is passed under its label or id), `output` (which output to take; default: the only one, or all as an
object). With several targets each takes the output of its own id or label.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.manifest.template import expand


@dataclass(frozen=True, kw_only=True)
class WorkflowConfig(EdgeConfig):
    """Which dependency, what it is given (None: every source) and which output is taken."""

    name: str
    inputs: Frozen | str | None = None
    output: str = ""


class WorkflowEdge:
    """Call another workflow."""

    type = "workflow"
    config = WorkflowConfig

    async def run(
        self, call: EdgeCall, config: WorkflowConfig, services: Services
    ) -> dict[str, Value]:
        """The callee's outputs by target."""
        name = config.name
        if services.run_workflow is None:
            raise MissingServiceError(f"this run can't call {name}", hint="run it from a registry")
        outputs = await services.run_workflow(name, _inputs(call, config))
        if len(call.targets) > 1:
            return {
                block.id: outputs[key]
                for block in call.targets
                for key in (block.id, block.label)
                if key in outputs
            }
        return call.to_all(_one(config, outputs))


def _inputs(call: EdgeCall, config: WorkflowConfig) -> Object:
    if config.inputs is not None:
        return cast(Object, expand(cast(Value, config.inputs), call.scope))
    return {block.label or block.id: call.inputs[block.id] for block in call.sources}


def _one(config: WorkflowConfig, outputs: Mapping[str, Value]) -> Value:
    wanted = config.output
    if not wanted:
        return next(iter(outputs.values())) if len(outputs) == 1 else dict(outputs)
    if wanted not in outputs:
        raise EdgeError(
            f"{config.name} has no output {wanted!r}; it has {', '.join(outputs)}",
            location="config.output",
        )
    return outputs[wanted]
