"""`puppy-cli run`: a reference, a path, or what an environment serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from registry_tool.commands.lock_file import locked_here
from registry_tool.commands.reference import open_reference
from registry_tool.commands.run_workflow import HowToRun, new_execution_id, run_program
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.values import Value
from registry_tool.engine.run import RunResult
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.names import bad_name
from registry_tool.monitoring.log import JsonLog, hide_open_text
from registry_tool.store import paths

if TYPE_CHECKING:
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.preview import Outlook, Preview
    from registry_tool.deploy.model import Deployment

ReadInputs = Callable[[Workflow], Mapping[str, Value]]
"""The inputs, once it is known of which types they must be."""


@dataclass(frozen=True, slots=True)
class WhatToRun:
    """The words of the command. `how` holds all that does not depend on where the workflow comes from.

    `subject` says whose data the inputs are; `remote` holds the deployments and the records (empty: the registry).
    """

    reference: str
    registry: str
    how: HowToRun = field(default_factory=HowToRun)
    log: TextIO | None = None
    warn: Callable[[str], None] = lambda _: None
    subject: str = ""
    remote: str = ""


def run_anything(what: WhatToRun, read_inputs: ReadInputs) -> RunResult:
    """One run. A bare name with an environment means the version that is deployed there, where one is."""
    if what.how.environment and bad_name(what.reference) is None:
        target, deployment = served(
            what.reference, what.registry, what.how.environment, what.remote
        )
        if deployment is not None and deployment.serves:
            return _execute(what, target, deployment, read_inputs)
    _only_served(what)
    opened = open_reference(what.reference, what.registry, locked_here())
    for warning in opened.warnings:
        what.warn(warning)
    workflow, listeners = opened.program.workflow, what.how.listeners
    if what.log:
        listeners = (*listeners, JsonLog(what.log, hide_open_text(workflow.interface.inputs)))
    how = replace(what.how, listeners=listeners)
    return run_program(opened.program, read_inputs(workflow), how)


def _only_served(what: WhatToRun) -> None:
    """What is not deployed is not recorded: nothing of it could be found by person, and no remote knows of it."""
    for option, given in (("--subject", what.subject), ("--remote", what.remote)):
        if given:
            raise UsageError(
                f"{option} is for runs that are recorded, those of what an environment serves",
                way_out="write `puppy-cli run NAME --env ENVIRONMENT` for something that is deployed there, "
                f"or leave {option} out",
            )


def served(
    name: str, registry: str, environment: str, remote: str = ""
) -> tuple[Target, Deployment | None]:
    """The registry, and what an environment of it serves under a name; None where nothing is deployed."""
    from registry_tool.commands.deploy import Target as Chosen

    target = Chosen(Path(registry), remote)
    if not (target.root / paths.REGISTRY_FILE).is_file():
        return target, None  # a built API: nothing is deployed from there
    try:
        return target, target.store().find(environment, name)
    except NotFoundError:
        return target, None  # a registry without git


def _execute(
    what: WhatToRun, target: Target, deployment: Deployment, read_inputs: ReadInputs
) -> RunResult:
    from registry_tool.commands.execute import Sinks, execute

    how, inputs = _chosen(what, target, deployment, read_inputs)
    sinks = Sinks(what.log)
    return execute(target, what.reference, inputs, how, sinks=sinks, subject=what.subject)


def _chosen(
    what: WhatToRun, target: Target, deployment: Deployment, read_inputs: ReadInputs
) -> tuple[HowToRun, Mapping[str, Value]]:
    """The run with its id, which chooses the version, and the inputs as that version takes them."""
    from registry_tool.commands.deploy import open_serving

    name = what.how.execution_id or new_execution_id()
    workflow = open_serving(target, what.reference, deployment.choose(name)).program.workflow
    return replace(what.how, execution_id=name), read_inputs(workflow)


def dry_run(what: WhatToRun, read_inputs: ReadInputs) -> Preview | Outlook:
    """What a run would get and might cost; nothing runs, nothing is counted."""
    from registry_tool.commands.preview import preview_here, preview_run

    if what.how.environment and bad_name(what.reference) is None:
        target, deployment = served(
            what.reference, what.registry, what.how.environment, what.remote
        )
        if deployment is not None and deployment.serves:
            how, inputs = _chosen(what, target, deployment, read_inputs)
            return preview_run(target, what.reference, inputs, how)
    _only_served(what)
    program = open_reference(what.reference, what.registry).program
    return preview_here(program, read_inputs(program.workflow), what.how)
