"""`puppy-cli seal`: a request whose inputs only the environment's job can read.

Who dispatches a job writes its inputs where every reader of the repository sees them. A version that demands
encryption therefore gets them sealed: the dispatching client does it by itself, and admission refuses plain ones.
The seal names who will ask, where that is known: nobody else can have the inputs run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from registry_tool.commands.consume.unknown_names import known_workflow
from registry_tool.core.clock import instant
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.values import Object, Value
from registry_tool.engine.inputs import checked_inputs, handled_inputs
from registry_tool.manifest.model import Workflow
from registry_tool.security.keys import KeyRing
from registry_tool.security.published_keys import PublishedKeys
from registry_tool.security.sealing import SealTerms, open_inputs, seal_inputs
from registry_tool.sources.program import Program
from registry_tool.state.public_keys import published
from registry_tool.state.target import Target, deployed, open_serving


def sealing_context(environment: str, name: str) -> Object:
    """What binds sealed inputs to one workflow of one environment."""
    return {"environment": environment, "workflow": name}


def must_seal(program: Program) -> bool:
    """True where a dispatch must not show the inputs: the version, or one that it calls, requires encryption."""
    return bool(program.privacy.encryption)


def sealed_inputs(
    known: PublishedKeys,
    workflow: Workflow,
    inputs: Mapping[str, Value],
    actor: int,
    now: datetime,
) -> str:
    """The inputs, handled and checked as a run does it, sealed to the environment's newest published key.

    `actor` is the numeric id of who may have them run (`ANYONE` where it is not known), `now` the time of sealing.
    Defaults are left to the run: another version than this one may serve it.
    """
    if not known.keys:
        raise NotFoundError(
            f"{known.environment} has published no key to seal inputs to",
            hint=f"an operator makes one with `registry-tool keys new --env {known.environment}`",
        )
    checked_inputs(workflow, inputs)
    handled: Object = handled_inputs(workflow, inputs)
    context = sealing_context(known.environment, workflow.name)
    return seal_inputs(handled, known.keys[0], context, SealTerms(actor, instant(now)))


def seal_request(
    location: Target,
    environment: str,
    name: str,
    read_inputs: Callable[[Workflow], Mapping[str, Value]],
    actor: int,
) -> Object:
    """A whole request for what an environment serves under a name; only `actor` (or `ANYONE`) can have it run."""
    with known_workflow(location, name):
        deployment = deployed(location, name, environment)
    workflow = open_serving(location, name, deployment.main).program.workflow
    inputs, now = read_inputs(workflow), location.clock.now()
    sealed = sealed_inputs(published(location, environment), workflow, inputs, actor, now)
    return {"workflow": name, "sealed": sealed}


def opened_inputs(
    sealed: str, inputs: Mapping[str, Value], environment: str, program: Program, ring: KeyRing
) -> Mapping[str, Value]:
    """A dispatched request's inputs; `UsageError` for plain ones that the version wants sealed."""
    workflow = program.workflow
    if sealed:
        return open_inputs(sealed, ring, sealing_context(environment, workflow.name))
    if inputs and must_seal(program):
        who = workflow.reference + ("" if workflow.security.encryption else ", by what it calls,")
        raise UsageError(
            f"{who} requires encryption, and a dispatch shows plain inputs to every reader",
            hint=f"seal them: `puppy-cli seal {workflow.name} --env {environment} --input …`",
        )
    return inputs
