"""`puppy-cli run`: a reference, a path, or what an environment serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from registry_tool.commands.locks import locked_here
from registry_tool.commands.reference import open_reference
from registry_tool.commands.run_workflow import HowToRun, run_program
from registry_tool.core.values import Value
from registry_tool.engine.run import RunResult
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.names import bad_name
from registry_tool.monitoring.log import JsonLog
from registry_tool.store import paths

if TYPE_CHECKING:
    from registry_tool.commands.deploy import Target
    from registry_tool.deploy.model import Deployment

ReadInputs = Callable[[Workflow], Mapping[str, Value]]
"""The inputs, once it is known of which types they must be."""


@dataclass(frozen=True, slots=True)
class WhatToRun:
    """The words of the command. `how` holds all that does not depend on where the workflow comes from."""

    reference: str
    registry: str
    how: HowToRun = field(default_factory=HowToRun)
    log: TextIO | None = None
    warn: Callable[[str], None] = lambda _: None


def run_anything(what: WhatToRun, read_inputs: ReadInputs) -> RunResult:
    """One run. A bare name with an environment means the version that is deployed there, where one is."""
    if what.how.environment and bad_name(what.reference) is None:
        target, deployment = served(what.reference, what.registry, what.how.environment)
        if deployment is not None:
            return _execute(what, target, deployment, read_inputs)
    opened = open_reference(what.reference, what.registry, locked_here())
    for warning in opened.warnings:
        what.warn(warning)
    listeners = (*what.how.listeners, *((JsonLog(what.log),) if what.log else ()))
    how = replace(what.how, listeners=listeners)
    return run_program(opened.program, read_inputs(opened.program.workflow), how)


def served(name: str, registry: str, environment: str) -> tuple[Target, Deployment | None]:
    """The registry, and what an environment of it serves under a name; None where nothing is deployed."""
    from registry_tool.commands.deploy import Target as Chosen
    from registry_tool.core.errors import NotFoundError

    target = Chosen(Path(registry))
    if not (target.root / paths.REGISTRY_FILE).is_file():
        return target, None  # a built API: nothing is deployed from there
    try:
        return target, target.store().find(environment, name)
    except NotFoundError:
        return target, None  # a registry without git


def _execute(
    what: WhatToRun, target: Target, deployment: Deployment, read_inputs: ReadInputs
) -> RunResult:
    from registry_tool.commands.deploy import open_deployed
    from registry_tool.commands.execute import Sinks, execute

    workflow = open_deployed(target, deployment).program.workflow
    return execute(
        target,
        what.reference,
        read_inputs(workflow),
        what.how,
        sinks=Sinks(what.log),
    )
