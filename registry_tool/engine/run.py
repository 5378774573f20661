"""The run: ready edges go together, branches that aren't taken are skipped, everything is emitted as an event."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.core.values import Value
from registry_tool.engine.failures import RunError
from registry_tool.engine.inputs import checked_inputs
from registry_tool.engine.plan import plan
from registry_tool.engine.runner import Runner
from registry_tool.engine.settings import (
    ERROR,
    SUCCESS,
    Callee,
    RunResult,
    RunSettings,
)
from registry_tool.manifest.model import Workflow

__all__ = ["ERROR", "SUCCESS", "Callee", "RunError", "RunResult", "RunSettings", "run"]


async def run(workflow: Workflow, inputs: Mapping[str, Value], settings: RunSettings) -> RunResult:
    """Runs a workflow to its end. Wrong inputs raise; a failure inside is a result with status `error`.

    A cancelled run tells so, ends everything that it started, and raises `CancelledError`.
    """
    given = checked_inputs(workflow, inputs)
    return await Runner(plan(workflow), given, settings).execute()
