"""`puppy-cli run`: a reference, a path, or what an environment serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from registry_tool.commands.consume.unknown_names import demand_environment_of, demand_known
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Value
from registry_tool.engine.run import RunResult
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.names import bad_name
from registry_tool.monitoring.log import JsonLog, hide_open_text
from registry_tool.runtime.run_program import RunOptions, new_execution_id, run_program
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.sources.project import is_path, program_at
from registry_tool.store.registry_tree import holds_registry

if TYPE_CHECKING:
    from registry_tool.commands.run.dry_run import AdmissionPreview, LocalRunPreview
    from registry_tool.commands.run.opening import OpenServing
    from registry_tool.deploy.model import Deployment
    from registry_tool.sources.program import Program
    from registry_tool.state.target import Target

ReadInputs = Callable[[Workflow], Mapping[str, Value]]
"""The inputs, once it is known of which types they must be."""


class RunCommand(Record, frozen=True):
    """The words of the command. `how` holds all that does not depend on where the workflow comes from.

    `subject` says whose data the inputs are; `remote` holds the deployments and the records (empty: the registry).
    """

    reference: str
    registry: AnyRegistry
    how: RunOptions = field(default_factory=RunOptions)
    log: TextIO | None = None
    warn: Callable[[str], None] = lambda _: None
    subject: str = ""
    remote: str = ""


def run_anything(what: RunCommand, read_inputs: ReadInputs) -> RunResult:
    """One run. A bare name with an environment of a registry means the version that is deployed there.

    `NotFoundError` where none is: another version than the deployed one never runs in its place.
    """
    found = _served(what)
    if found is not None:
        return _execute(what, *found, read_inputs)
    _only_served(what)
    program = _opened(what)
    workflow, listeners = program.workflow, what.how.listeners
    if what.log:
        listeners = (*listeners, JsonLog(what.log, hide_open_text(workflow.interface.inputs)))
    how = replace(what.how, listeners=listeners)
    return run_program(program, read_inputs(workflow), how)


def _opened(what: RunCommand) -> Program:
    """What the reference leads to, with what it requires; no registry is opened for a project that needs none."""
    program, warnings = _program(what.reference, what.registry)
    demand_environment_of(program.workflow, what.registry, what.how.environment)
    for warning in warnings:
        what.warn(warning)
    return program


def _program(reference: str, registry: AnyRegistry) -> tuple[Program, tuple[str, ...]]:
    path = Path(reference) if is_path(reference) else None
    program = program_at(path) if path else None
    if program and not program.workflow.requires:
        return program, ()
    from registry_tool.sources.lock_file import locked_here
    from registry_tool.sources.reference import open_reference, with_dependencies

    if program and path:
        opened = with_dependencies(program, path, registry)
    else:
        opened = open_reference(reference, registry, locked_here())
    return opened.program, opened.warnings


def _served(what: RunCommand) -> tuple[Target, Deployment] | None:
    """What an environment serves, where the words of the command mean that."""
    if not what.how.environment or bad_name(what.reference) is not None:
        return None
    return served(what.reference, what.registry, what.how.environment, what.remote)


def _only_served(what: RunCommand) -> None:
    """What is not deployed is not recorded: nothing of it could be found by person, and no remote knows of it."""
    for option, given in (("--subject", what.subject), ("--remote", what.remote)):
        if given:
            raise UsageError(
                f"{option} is for runs that are recorded, those of what an environment serves",
                hint="write `puppy-cli run NAME --env ENVIRONMENT` for something that is deployed there, "
                f"or leave {option} out",
            )


def served(
    name: str, registry: AnyRegistry, environment: str, remote: str = ""
) -> tuple[Target, Deployment] | None:
    """The registry, and what an environment of it serves under a name; `NotFoundError` where nothing does.

    None for what nothing is deployed from: a built API, a folder without git.
    """
    from registry_tool.state.target import Target as Chosen
    from registry_tool.state.target import deployed

    root = as_choice(registry).folder
    if root is None or not holds_registry(root):
        return None
    target = Chosen(root, remote)
    try:
        target.store()
    except NotFoundError:
        return None
    try:
        return target, deployed(target, name, environment)
    except NotFoundError as error:
        demand_known(target, name=name)
        raise NotFoundError(
            error.reason,
            location=error.location,
            hint=f"{error.hint}; to run a version here that is not deployed, name it: {name}:VERSION",
        ) from None


def _execute(
    what: RunCommand, target: Target, deployment: Deployment, read_inputs: ReadInputs
) -> RunResult:
    from registry_tool.commands.run.execute import Sinks, execute
    from registry_tool.commands.run.opening import opened_once

    opening = opened_once()
    how, inputs = _chosen(what, target, deployment, read_inputs, opening)
    return execute(
        target,
        what.reference,
        inputs,
        how,
        sinks=Sinks(what.log),
        subject=what.subject,
        opening=opening,
    )


def _chosen(
    what: RunCommand,
    target: Target,
    deployment: Deployment,
    read_inputs: ReadInputs,
    opening: OpenServing,
) -> tuple[RunOptions, Mapping[str, Value]]:
    """The run with its id, which chooses the version, and the inputs as that version takes them."""
    name = what.how.execution_id or new_execution_id()
    workflow = opening(target, what.reference, deployment.choose(name)).program.workflow
    return replace(what.how, execution_id=name), read_inputs(workflow)


def dry_run(what: RunCommand, read_inputs: ReadInputs) -> AdmissionPreview | LocalRunPreview:
    """What a run would get and might cost; nothing runs, nothing is counted."""
    from registry_tool.commands.run.dry_run import preview_here, preview_run

    found = _served(what)
    if found is not None:
        from registry_tool.state.target import open_serving

        how, inputs = _chosen(what, *found, read_inputs, open_serving)
        return preview_run(found[0], what.reference, inputs, how)
    _only_served(what)
    program, _ = _program(what.reference, what.registry)
    demand_environment_of(program.workflow, what.registry, what.how.environment)
    return preview_here(program, read_inputs(program.workflow), what.how)
