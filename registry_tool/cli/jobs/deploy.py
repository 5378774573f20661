"""Commands of the jobs that deploy."""

from __future__ import annotations

import json
from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.deploy.show import print_event, say, show
from registry_tool.cli.jobs.options import outputs_option, request_option, write_outputs
from registry_tool.cli.options import clone_root, duration
from registry_tool.cli.options_state import one_environment, state_remote, target_of
from registry_tool.cli.output import print_json, print_warning


@click.command("deploy-request")
@clone_root
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    required=True,
    envvar="ENVIRONMENT",
    help="The environment.",
)
@click.option(
    "--request",
    required=True,
    envvar="REQUEST",
    help='JSON: {"workflow": "sentiment-analysis:1.2.0"}; "action" may be deploy, promote, rollback, '
    "reconcile, abort, pause or resume.",
)
@click.option(
    "--id",
    "deployment",
    default="",
    envvar="CORRELATION_ID",
    help="Names the deployment: a job that is run again goes on with it. Default: a random one.",
)
@click.option("--wait", is_flag=True, help="Go on with a paused rollout until it ends.")
@click.option(
    "--wait-limit", callback=duration, default="10m", show_default=True, help="Stop waiting then."
)
@click.option("--actor", default="", help="The pseudonym of who asked, for the record.")
@state_remote
@outputs_option
def deploy(
    root: Path,
    environment: str,
    request: str,
    deployment: str,
    wait: bool,
    wait_limit: float,
    actor: str,
    remote: str,
    outputs: Path | None,
) -> None:
    """Do what a deployment's request asks for: the `deploy` job.

    The output `goes_on` is true where a rollout of the output `workflow` is left that needs no people.

    Example: registry-tool deploy-request --env staging --request '{"workflow": "sentiment-analysis:1.2.0"}'
    """
    from registry_tool.commands.deploy.deploy import DeployOptions
    from registry_tool.commands.deploy.job import carry_out
    from registry_tool.commands.deploy.reconcile import continues_unattended, wait_for
    from registry_tool.commands.notify.failed_deployments import FailureNotifier, failures_notified

    target = target_of(root, remote)
    how = DeployOptions(id=deployment, actor=actor, say=say)
    with failures_notified(
        target, environment, request, deployment, FailureNotifier(print_warning)
    ):
        state = carry_out(target, request, environment, print_event, how)
        if wait:
            state = wait_for(target, state, print_event, how, wait_limit)
    write_outputs(
        outputs, {"goes_on": json.dumps(continues_unattended(state)), "workflow": state.workflow}
    )
    show(state, "json")


@click.command()
@click.argument("name", shell_complete=complete.names, default="")
@clone_root
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    envvar="ENVIRONMENT",
    help="Only this environment.",
)
@click.option(
    "--for",
    "longest",
    callback=duration,
    default="0s",
    help="Look again for so long, until only people can go on. Default: look once.",
)
@state_remote
def reconcile(name: str, root: Path, environment: str, longest: float, remote: str) -> None:
    """Complete what interrupted deployers left, and go on with rollouts that are due; run it on a schedule.

    Example: registry-tool reconcile --env production --remote origin
    """
    from registry_tool.commands.deploy.deploy import DeployOptions
    from registry_tool.commands.deploy.reconcile import keep_reconciling
    from registry_tool.commands.notify.failed_deployments import FailureNotifier, send_reconciled

    target = target_of(root, remote)
    done = keep_reconciling(target, environment, name, print_event, DeployOptions(say=say), longest)
    send_reconciled(target, done, FailureNotifier(print_warning))
    for entry in done:
        say(entry.sentence)
    print_json({"rollouts": [entry.to_value() for entry in done]})
    if any(entry.error for entry in done):
        raise click.exceptions.Exit(1)


@click.command("demand-reviewers")
@clone_root
@one_environment
@request_option('{"workflow": "sentiment-analysis:1.2.0"}')
@state_remote
def demand_reviewers(root: Path, environment: str, request: str, remote: str) -> None:
    """Refuse a deployment whose environment must have reviewers on GitHub and has none; the way back passes.

    Example: registry-tool demand-reviewers --env production --request '{"workflow": "sentiment-analysis:1.2.0"}'
    """
    from registry_tool.commands.deploy.reviewers import demand_reviewers as run

    click.echo(run(target_of(root, remote), environment, request), err=True)


COMMANDS = (deploy, reconcile, demand_reviewers)
