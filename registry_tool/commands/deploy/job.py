"""The `deploy` job: one request, one of several actions."""

from __future__ import annotations

from dataclasses import replace

from registry_tool.commands.deploy.deploy import DeployOptions, OnEvent, deploy
from registry_tool.commands.deploy.hold import pause, resume
from registry_tool.commands.deploy.promote import promote
from registry_tool.commands.deploy.reconcile import reconcile
from registry_tool.commands.deploy.rollback import rollback
from registry_tool.commands.requests.blob import blobs_of
from registry_tool.commands.requests.request import Action, DeployRequest, read_deploy_request
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.model import Deployment
from registry_tool.state.target import Target, deployed


def carry_out(
    target: Target, text: str, environment: str, on_event: OnEvent, how: DeployOptions
) -> Deployment:
    """Do what a request asks for; `UsageError` where it can't be read."""
    wanted = read_deploy_request(text, blobs_of(target.root, target.remote, how.id))
    return _act(target, wanted, environment, on_event, how)


def _act(
    target: Target, wanted: DeployRequest, environment: str, on_event: OnEvent, how: DeployOptions
) -> Deployment:
    how = replace(
        how,
        strategy=wanted.strategy,
        config=wanted.config,
        reason=wanted.reason,
        override=wanted.override,
    )
    name = wanted.workflow
    match wanted.action:
        case Action.DEPLOY:
            return deploy(target, name, environment, on_event, how)
        case Action.PROMOTE:
            return promote(target, name, environment, on_event, how)
        case Action.RECONCILE:
            return _reconciled(target, name, environment, on_event, how)
        case Action.ROLLBACK:
            return rollback(target, name, environment, to=wanted.to, on_event=on_event, how=how)
        case Action.ABORT:
            return rollback(target, name, environment, only_abort=True, on_event=on_event, how=how)
        case Action.PAUSE:
            return pause(target, name, environment, on_event=on_event, how=how)
        case Action.RESUME:
            return resume(target, name, environment, on_event=on_event, how=how)


def _reconciled(
    target: Target, name: str, environment: str, on_event: OnEvent, how: DeployOptions
) -> Deployment:
    failures: list[RegistryError] = []
    for entry in reconcile(target, environment, name, on_event, how):
        how.say(entry.sentence)
        failures += [entry.error] if entry.error else []
    if failures:
        raise failures[0]
    return deployed(target, name, environment)
