"""`deploy`: an environment shall serve a version, by the environment's strategy."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from registry_tool.commands.deploy.access import authorised_change
from registry_tool.commands.deploy.approval import propose_approval, remove_answered_branches
from registry_tool.commands.deploy.samples import samples_of
from registry_tool.commands.deploy.stages import DeployParameters, RegistryPlan, name_in
from registry_tool.core.errors import UsageError
from registry_tool.core.values import Frozen
from registry_tool.deploy.analysis import Samples
from registry_tool.deploy.approval import CODEOWNERS, codeowners
from registry_tool.deploy.deployer import deploy as carry_out
from registry_tool.deploy.lease import LeasePolicy
from registry_tool.deploy.model import Deployment, Phase, StageEvent
from registry_tool.deploy.session import DeployContext
from registry_tool.state.target import Target, demand_there

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")

OnEvent = Callable[[StageEvent], None]


@dataclass(frozen=True, slots=True)
class DeployOptions:
    """How, and on whose behalf.

    `strategy` and `config` come on top of the environment's; `override` is a maintainer's reason to set
    its rules aside. `id` is the job's own (its correlation id): a job that is run again goes on with it; empty:
    a random one. `actor` is a pseudonym. `say` hears of what was not
    done, and why. `samples` are the runs that the watch judges (default: the registry's run records).
    """

    strategy: Frozen = field(default_factory=dict)
    config: Frozen = field(default_factory=dict)
    override: str = ""
    id: str = ""
    actor: str = ""
    say: Callable[[str], None] = lambda _: None
    reason: str = ""
    samples: Samples | None = None
    policy: LeasePolicy = field(default_factory=LeasePolicy)


def deploy(
    target: Target,
    reference: str,
    environment: str,
    on_event: OnEvent = lambda _: None,
    how: DeployOptions | None = None,
) -> Deployment:
    """Bring a version into an environment; the state when it serves or must wait.

    The old version serves on where a stage fails, and again where the watch fails (`StageFailedError`).
    """
    how = how or DeployOptions()
    parameters = DeployParameters(reference, how.strategy, how.config, override=how.override)
    name = name_in(reference)
    with authorised_change(
        target, environment, name, "deploy", how.actor, how.say, how.override
    ) as actor:
        done = deploy_with(target, parameters, environment, on_event, replace(how, actor=actor))
        remove_answered_branches(target, how.say)
        return done


def deploy_with(
    target: Target,
    parameters: DeployParameters,
    environment: str,
    on_event: OnEvent,
    how: DeployOptions,
) -> Deployment:
    """Plan the deployment, carry it out, and ask people where it waits for them."""
    plan = RegistryPlan(
        target, environment, deployment_id(how.id), parameters, repeated=bool(how.id)
    )
    return with_approval(target, carry_out(context_of(target, on_event, how), plan), how)


def with_approval(target: Target, state: Deployment, how: DeployOptions) -> Deployment:
    """The state as given, after people were asked where it waits for them."""
    rollout = state.rollout
    if rollout is not None and rollout.phase is Phase.APPROVAL:
        how.say(propose_approval(target, state, rollout))
    return state


def context_of(target: Target, on_event: OnEvent, how: DeployOptions) -> DeployContext:
    """What deployers of a registry work with."""
    owners = codeowners(target.settings().environments.values())
    kept = {CODEOWNERS: owners} if owners else {}
    return DeployContext(
        open_store=lambda: target.store(kept),
        clock=target.clock,
        samples=how.samples or samples_of(target),
        on_event=on_event,
        say=how.say,
        policy=how.policy,
        actor=how.actor,
        override=how.override,
        demand_there=partial(demand_there, target),
    )


def deployment_id(given: str, prefix: str = "dep") -> str:
    """The given id, which becomes part of a path and of a branch's name, or a random one."""
    if not given:
        return f"{prefix}-{secrets.token_hex(6)}"
    if _ID.fullmatch(given) is None:
        raise UsageError(
            f"{given[:64]!r} is not an id of a deployment",
            hint="use up to 64 letters, digits and hyphens",
        )
    return given
