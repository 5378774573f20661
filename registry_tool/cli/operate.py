"""Commands for operators: deploy, rollback, status, logs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.options import registry_root
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.cli.via import (
    Following,
    chosen_forge,
    deploy_by_job,
    via_option,
    wait_limit_option,
    wait_option,
)
from registry_tool.core.values import Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.deploy import Target
    from registry_tool.deploy.model import Deployment, StageEvent

_root = click.option(
    "--root",
    type=click.Path(path_type=Path),
    default=None,
    help="The registry's clone. Default: the one around you.",
)
_remote = click.option(
    "--remote", default="", help="The remote that holds the deployments. Default: this repository."
)
_env = click.option("--env", "environment", required=True, help="The environment.")


def target_of(root: Path | None, remote: str) -> Target:
    """The registry that a command works on."""
    from registry_tool.commands.deploy import Target as Chosen

    return Chosen(root or registry_root(Path()), remote)


def tell(event: StageEvent) -> None:
    """One line a stage, as it ends."""
    detail = ", ".join(f"{key} {_words(value)}" for key, value in event.detail.items() if value)
    line = f"{event.stage:<12}  {event.status:<6}  {event.seconds:6.2f} s  {detail}"
    click.echo(inert(line.rstrip()), err=True)


def _words(value: Value) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key}:{item}" for key, item in value.items())
    return str(value)


@click.command()
@click.argument("reference")
@_env
@via_option("auto")
@wait_option
@wait_limit_option
@_root
@_remote
@format_option()
def deploy(
    reference: str,
    environment: str,
    via: str,
    wait: bool,
    wait_limit: float,
    root: Path | None,
    remote: str,
    format_: str,
) -> None:
    """Bring a published version into an environment.

    Example: puppy-cli deploy sentiment-analysis:1.2.0 --env development
    """
    from registry_tool.commands.deploy import deploy as run
    from registry_tool.commands.request import DeployRequest

    target, show = target_of(root, remote), partial(_show, format_=format_)
    if (forge := chosen_forge(via, target.root, remote)) is not None:
        following = Following(wait, wait_limit, format_)
        deploy_by_job(forge, DeployRequest(reference), environment, following, show)
        return
    show(run(target, reference, environment, tell))


def _show(deployment: Deployment, format_: str) -> None:
    """What serves now, whoever did it."""
    from registry_tool.deploy.state import deployment_value

    if format_ == "json":
        print_json(deployment_value(deployment))
    else:
        name, environment = deployment.workflow, deployment.environment
        click.echo(f"{name}:{deployment.main.version} serves in {environment}.")


@click.command()
@click.argument("name")
@_env
@click.option("--to", default="", help="The version to go back to. Default: the one before.")
@via_option("auto")
@wait_option
@wait_limit_option
@_root
@_remote
@format_option()
def rollback(
    name: str,
    environment: str,
    to: str,
    via: str,
    wait: bool,
    wait_limit: float,
    root: Path | None,
    remote: str,
    format_: str,
) -> None:
    """Serve the version again that served before.

    Example: puppy-cli rollback sentiment-analysis --env development
    """
    from registry_tool.commands.deploy import rollback as run
    from registry_tool.commands.request import Action, DeployRequest

    target, show = target_of(root, remote), partial(_show, format_=format_)
    if (forge := chosen_forge(via, target.root, remote)) is not None:
        following = Following(wait, wait_limit, format_)
        request = DeployRequest(name, Action.ROLLBACK, to=to)
        deploy_by_job(forge, request, environment, following, show)
        return
    show(run(target, name, environment, to=to, tell=tell))


@click.command()
@click.argument("name", default="")
@click.option("--env", "environment", default="", help="Only this environment.")
@_root
@_remote
@format_option()
def status(name: str, environment: str, root: Path | None, remote: str, format_: str) -> None:
    """What serves where.

    Example: puppy-cli status --env production
    """
    from registry_tool.deploy.state import deployment_value

    found = [
        deployment
        for deployment in target_of(root, remote).store().all(environment)
        if not name or deployment.workflow == name
    ]
    if format_ == "json":
        print_json({"deployments": [deployment_value(deployment) for deployment in found]})
        return
    print_table(
        [
            [d.environment, f"{d.workflow}:{d.main.version}", d.updated, d.main.digest[:19]]
            for d in found
        ],
        empty="Nothing is deployed.",
    )


@click.command()
@click.argument("name")
@_env
@click.option("--last", type=click.IntRange(1), default=None, help="Only the last lines.")
@_root
@format_option()
def logs(name: str, environment: str, last: int | None, root: Path | None, format_: str) -> None:
    """What the runs of a workflow in an environment told, on this machine.

    Example: puppy-cli logs sentiment-analysis --env development --last 20
    """
    from registry_tool.commands.execute import read_log
    from registry_tool.report.log import log_line

    lines = list(read_log(target_of(root, ""), name, environment))[-(last or 0) :]
    if format_ == "json":
        print_json({"events": lines})  # type: ignore[dict-item]
        return
    for line in lines:
        click.echo(log_line(line))


COMMANDS = (deploy, rollback, status, logs)
