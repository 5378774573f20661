"""Where a job shall run: known before it begins, from the deployment's allocation alone."""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.commands.consume.unknown_names import known_workflow
from registry_tool.core import clock
from registry_tool.core.values import Object
from registry_tool.state.target import Target, deployed

USUAL_RUNNER = "ubuntu-latest"
USUAL_MINUTES = 60
SPARE_MINUTES = 5
"""What a job needs around a run: checking out, installing the tool, recording."""


@dataclass(frozen=True, slots=True)
class RunnerAssignment:
    """The runner's label and the minutes that a job has for one run of `version`."""

    version: str
    runner: str
    minutes: int

    def to_value(self) -> Object:
        """As the command prints it, and as the names of the job's outputs."""
        return {"version": self.version, "runner": self.runner, "timeout_minutes": self.minutes}


def assign_runner(
    target: Target, name: str, environment: str, execution_id: str
) -> RunnerAssignment:
    """The runner of the run with this id, which also decides its version; `NotFoundError` where nothing serves."""
    with known_workflow(target, name):
        serving = deployed(target, name, environment).choose(execution_id)
    timeout = str(serving.allocation.get("timeout") or "")
    return RunnerAssignment(
        serving.version,
        str(serving.allocation.get("runner") or USUAL_RUNNER),
        -(-int(clock.seconds(timeout)) // 60) + SPARE_MINUTES if timeout else USUAL_MINUTES,
    )
