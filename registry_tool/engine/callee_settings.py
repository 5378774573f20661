"""How a called workflow runs inside another one's run."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.engine.settings import Callee, RunEnvironment, RunSettings
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.model import Environment


def callee_settings(mine: RunSettings, callee: Callee, name: str) -> RunSettings:
    """A dependency's settings: whatever the operator set for this run holds for it, too."""
    services = mine.services
    run = mine.run or RunEnvironment(
        Environment(mine.environment, services.overrides, mine.variables),
        services.environment_hosts,
    )
    has_own = mine.environment in callee.workflow.environment_by_name
    here = callee_environment(callee.workflow, run.environment)
    services = replace(
        services,
        overrides=here.overrides,
        resources=callee.resources,
        environment_hosts=callee.outbound.hosts if has_own else run.hosts,
        outbound=callee.outbound,
    )
    return replace(
        mine,
        execution_id=f"{mine.execution_id}.{name}",
        services=services,
        variables=here.variables,
        run=run,
        answers={},  # they are of the caller's edges
        alter=None,
        stepper=None,
        timeout=None,  # the caller's clock runs on
    )
