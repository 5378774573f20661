"""Commands that bring a version in or back: deploy, promote, rollback."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.deploy.job import by_job
from registry_tool.cli.deploy.options import (
    DeployScope,
    change_options,
    how_of,
    override_option,
    reason_option,
    strategy_option,
)
from registry_tool.cli.deploy.show import print_event, show
from registry_tool.cli.dispatch import (
    FollowOptions,
)
from registry_tool.cli.output import print_facts, print_json

if TYPE_CHECKING:
    from registry_tool.commands.deploy.deploy import DeployOptions
    from registry_tool.commands.requests.request import DeployRequest
    from registry_tool.deploy.model import Deployment


def _roll_out(
    run: Callable[..., Deployment],
    request: DeployRequest,
    where: DeployScope,
    how: DeployOptions,
    following: FollowOptions,
) -> None:
    """Bring a version in, here or by a job; with `--wait` to the end of its rollout."""
    if by_job(request, where, following):
        return
    from registry_tool.commands.deploy.reconcile import wait_for

    target = where.target
    deployment = run(target, request.workflow, where.environment, print_event, how)
    if following.wait:
        deployment = wait_for(target, deployment, print_event, how, following.limit)
    show(deployment, following.format_)


@click.command()
@click.argument("reference", shell_complete=complete.references)
@strategy_option
@override_option
@click.option("--dry-run", is_flag=True, help="Only say what would happen; nothing is written.")
@change_options
def deploy(
    reference: str,
    strategy: str,
    override: str,
    dry_run: bool,
    where: DeployScope,
    following: FollowOptions,
) -> None:
    """Bring a published version into an environment.

    The environment's rules hold here as in a job: what it comes `after`, its `approval`, who may.
    A rollout that pauses goes on with --wait, or with `registry-tool reconcile`.

    Example: puppy-cli deploy sentiment-analysis:1.2.0 --env development --strategy canary --wait
    """
    from registry_tool.commands.deploy.deploy import deploy as run
    from registry_tool.commands.requests.request import DeployRequest

    how = how_of(strategy, override=override)
    if dry_run:
        return _say_what_would_happen(reference, where, how, following.format_)
    request = DeployRequest(reference, strategy=how.strategy, override=override)
    return _roll_out(run, request, where, how, following)


def _say_what_would_happen(
    reference: str, where: DeployScope, how: DeployOptions, format_: str
) -> None:
    """Exit code 1 where it would be refused."""
    from registry_tool.commands.deploy.dry_run import preview

    found = preview(where.target, reference, where.environment, how)
    if format_ == "json":
        print_json(found.to_value())
    else:
        print_facts(list(found.facts()))
    if found.refused:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("name", shell_complete=complete.names)
@strategy_option
@override_option
@change_options
def promote(
    name: str, strategy: str, override: str, where: DeployScope, following: FollowOptions
) -> None:
    """Go on with a rollout that waits for a human; else bring in what serves in the environment below.

    Example: puppy-cli promote sentiment-analysis --env staging
    """
    from registry_tool.commands.deploy.promote import promote as run
    from registry_tool.commands.requests.request import Action, DeployRequest

    how = how_of(strategy, override=override)
    request = DeployRequest(name, Action.PROMOTE, strategy=how.strategy, override=override)
    _roll_out(run, request, where, how, following)


@click.command()
@click.argument("name", shell_complete=complete.names)
@click.option("--to", default="", help="The version to go back to. Default: the one before.")
@reason_option
@change_options
def rollback(name: str, to: str, reason: str, where: DeployScope, following: FollowOptions) -> None:
    """Serve the version again that served before, at once; a rollout in progress is over.

    Example: puppy-cli rollback sentiment-analysis --env development --reason "answers got worse"
    """
    from registry_tool.commands.deploy.rollback import rollback as run
    from registry_tool.commands.requests.request import Action, DeployRequest

    how = how_of(reason=reason)
    request = DeployRequest(name, Action.ROLLBACK, to=to, reason=how.reason)
    if by_job(request, where, following):
        return
    done = run(where.target, name, where.environment, to=to, on_event=print_event, how=how)
    show(done, following.format_)


COMMANDS = (deploy, promote, rollback)
