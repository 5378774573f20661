"""`promote`: go on with a rollout that waits for a human, or bring in what serves in the environment below."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.catalogue.environments import EnvironmentSettings
from registry_tool.commands.consume.unknown_names import known_workflow
from registry_tool.commands.deploy.access import authorised_change
from registry_tool.commands.deploy.approval import remove_answered_branches
from registry_tool.commands.deploy.deploy import (
    DeployOptions,
    OnEvent,
    context_of,
    deploy_with,
    with_approval,
)
from registry_tool.commands.deploy.preconditions import APPROVAL, DeploymentCandidate, unreviewed
from registry_tool.commands.deploy.stages import DeployParameters
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.deploy.deployer import RolloutInTheWayError, proceed
from registry_tool.deploy.model import Deployment, Phase, Rollout
from registry_tool.deploy.session import MovedError
from registry_tool.sources.reference import Reference, parse_reference
from registry_tool.state.target import Target, settings_of
from registry_tool.store import paths


def promote(
    target: Target,
    wanted: str,
    environment: str,
    on_event: OnEvent = lambda _: None,
    how: DeployOptions | None = None,
) -> Deployment:
    """The state afterwards. `wanted` is a name, or name:version where it must be that version.

    `UsageError` or `NotFoundError` where nothing serves below that could be taken.
    """
    how = how or DeployOptions()
    reference = parse_reference(wanted)
    with (
        known_workflow(target, reference.name),
        authorised_change(
            target, environment, reference.name, "promote", how.actor, how.say, how.override
        ) as actor,
    ):
        done = _promote(target, reference, environment, on_event, replace(how, actor=actor))
        remove_answered_branches(target, how.say)
        return done


def _promote(
    target: Target, reference: Reference, environment: str, on_event: OnEvent, how: DeployOptions
) -> Deployment:
    name, own = reference.name, settings_of(target, environment)
    now = target.store().find(environment, name)
    if now is not None and now.rollout is not None and now.rollout.phase.waits:
        return _go_on(target, own, now, on_event, how)
    if not own.after:
        raise UsageError(
            f"{environment} has no environment below it",
            location=paths.REGISTRY_FILE,
            hint=f"name it in environments.{environment}.after, or use `puppy-cli deploy`",
        )
    parameters = _below(target, reference, own.after, how)
    return deploy_with(target, parameters, environment, on_event, how)


def _go_on(
    target: Target, own: EnvironmentSettings, now: Deployment, on_event: OnEvent, how: DeployOptions
) -> Deployment:
    rollout = now.rollout
    approval = rollout is not None and rollout.phase is Phase.APPROVAL
    reason = "" if approval or rollout is None else _override(target, own, now, rollout, how)
    try:
        context = context_of(target, on_event, replace(how, override=reason))
        state = proceed(context, now, promoted=not approval)
    except MovedError:
        raise RegistryError(
            "somebody else went on with the rollout at the same time",
            location=now.environment,
            hint="see `puppy-cli status`",
        ) from None
    if approval and state.rollout is not None and state.rollout.phase is Phase.APPROVAL:
        raise RolloutInTheWayError(
            f"the deployment {state.rollout.deployment} waits for its approval",
            location=now.environment,
            hint="merge its file into the branch deployments; no command stands in for that",
        )
    return with_approval(target, state, how)


def _override(
    target: Target, own: EnvironmentSettings, now: Deployment, rollout: Rollout, how: DeployOptions
) -> str:
    """The reason that stands in for a reviewer's word, empty where none is wanted; `EntryError` without it."""
    candidate = rollout.candidate
    assert candidate is not None  # noqa: S101 - what waits for a human has one
    error = unreviewed(DeploymentCandidate(target, own, now.workflow, candidate))
    if error is None:
        return ""
    if not how.override:
        raise error
    how.say(f"OVERRIDE: {own.name}'s rules ({APPROVAL}) are set aside: {how.override}")
    return how.override


def _below(target: Target, wanted: Reference, below: str, how: DeployOptions) -> DeployParameters:
    """What serves below, exactly: version, digest and locked dependencies."""
    name = wanted.name
    state = target.store().find(below, name)
    if state is None or not state.serves:
        raise NotFoundError(
            f"nothing of {name} serves in {below}",
            hint=f"run `puppy-cli deploy {name} --env {below}` first",
        )
    if state.rollout is not None:
        raise RegistryError(
            f"{below} is in the middle of a rollout of {name} ({state.rollout.phase.value})",
            hint=f"let it end first: `puppy-cli status {name} --env {below}`",
        )
    main = state.main
    if wanted.range or wanted.version not in {"", main.version}:
        raise RegistryError(
            f"{below} serves {name}:{main.version}, not {wanted}",
            hint=f"deploy it to {below} first",
        )
    return DeployParameters(
        f"{name}:{main.version}",
        how.strategy,
        how.config,
        main.digest,
        main.lock,
        how.override,
    )
