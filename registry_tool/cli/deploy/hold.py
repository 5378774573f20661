"""Commands that hold a rollout or let it go on: pause, resume."""

from __future__ import annotations

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.deploy.job import by_job
from registry_tool.cli.deploy.options import DeployScope, change_options, how_of, reason_option
from registry_tool.cli.deploy.show import print_event, show
from registry_tool.cli.dispatch import FollowOptions


@click.command()
@click.argument("name", shell_complete=complete.names)
@reason_option
@change_options
def pause(name: str, reason: str, where: DeployScope, following: FollowOptions) -> None:
    """Keep a rollout at its present share until `resume`; a broken threshold still takes it back.

    Example: puppy-cli pause sentiment-analysis --env production --reason "incident 42"
    """
    _hold("pause", name, reason, where, following)


@click.command()
@click.argument("name", shell_complete=complete.names)
@reason_option
@change_options
def resume(name: str, reason: str, where: DeployScope, following: FollowOptions) -> None:
    """Let a paused rollout go on: its next step comes when its pause is over and its runs are good.

    Example: puppy-cli resume sentiment-analysis --env production
    """
    _hold("resume", name, reason, where, following)


def _hold(
    action: str, name: str, reason: str, where: DeployScope, following: FollowOptions
) -> None:
    from registry_tool.commands.deploy.hold import hold
    from registry_tool.commands.requests.request import Action, DeployRequest

    how = how_of(reason=reason)
    request = DeployRequest(name, Action(action), reason=how.reason)
    if by_job(request, where, following):
        return
    done = hold(
        request.action, where.target, name, where.environment, on_event=print_event, how=how
    )
    show(done, following.format_)


COMMANDS = (pause, resume)
