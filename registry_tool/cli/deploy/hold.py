"""Commands that hold a rollout or let it go on: pause, resume."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from registry_tool.cli.deploy.job import by_job
from registry_tool.cli.deploy.options import Where, acting, how_of, reason_option
from registry_tool.cli.deploy.show import show, tell
from registry_tool.cli.dispatch import Following

if TYPE_CHECKING:
    from registry_tool.commands.requests.request import Action
    from registry_tool.deploy.model import Deployment


@click.command()
@click.argument("name")
@reason_option
@acting
def pause(name: str, reason: str, where: Where, following: Following) -> None:
    """Keep a rollout at its present share until `resume`; a broken threshold still takes it back.

    Example: puppy-cli pause sentiment-analysis --env production --reason "incident 42"
    """
    from registry_tool.commands.deploy.hold import pause as run
    from registry_tool.commands.requests.request import Action

    _act(run, Action.PAUSE, name, reason, where, following)


@click.command()
@click.argument("name")
@reason_option
@acting
def resume(name: str, reason: str, where: Where, following: Following) -> None:
    """Let a paused rollout go on: its next step comes when its pause is over and its runs are good.

    Example: puppy-cli resume sentiment-analysis --env production
    """
    from registry_tool.commands.deploy.hold import resume as run
    from registry_tool.commands.requests.request import Action

    _act(run, Action.RESUME, name, reason, where, following)


def _act(
    run: Callable[..., Deployment],
    action: Action,
    name: str,
    reason: str,
    where: Where,
    following: Following,
) -> None:
    from registry_tool.commands.requests.request import DeployRequest

    how = how_of(reason=reason)
    if by_job(DeployRequest(name, action, reason=how.reason), where, following):
        return
    done = run(where.target, name, where.environment, tell=tell, how=how)
    show(done, following.format_)


COMMANDS = (pause, resume)
