"""`--via` and `--wait`: a command's work is done here, or by a job on GitHub that is asked for and followed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry_tool.cli.options import duration
from registry_tool.cli.output import print_json, print_run
from registry_tool.core.errors import UsageError
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.jobs.dispatch import SentRequest
    from registry_tool.commands.jobs.follow import JobProgress
    from registry_tool.commands.requests.request import DeployRequest, ExecuteRequest
    from registry_tool.deploy.model import Deployment
    from registry_tool.forge.base import Forge
    from registry_tool.forge.model import ActionRun
    from registry_tool.sources.configuration.choice import RegistryChoice

_HOUR = 3600.0


def via_option(default: str) -> Callable[[Any], Any]:
    """`--via`."""
    return click.option(
        "--via",
        type=click.Choice(["auto", "local", "github"]),
        default=default,
        show_default=True,
        help="Who does it: this command, or a job on GitHub. auto: GitHub where the registry's remote is there.",
    )


wait_option = click.option(
    "--wait", is_flag=True, help="Follow the job to its end (a local command always does)."
)
wait_limit_option = click.option(
    "--wait-limit", callback=duration, default="1h", show_default=True, help="Stop following then."
)


@dataclass(frozen=True, slots=True)
class FollowOptions:
    """Whether and how long to follow a job, and how to print what comes of it."""

    wait: bool
    limit: float = _HOUR
    format_: str = "text"


def chosen_forge(via: str, root: Path, remote: str = "") -> Forge | None:
    """The forge whose jobs shall do it, None for doing it here."""
    if via == "local":
        return None
    from registry_tool.commands.jobs.dispatch import Via, forge_of

    return forge_of(
        Via(via), root, remote, os.environ, lambda message: click.echo(message, err=True)
    )


def forge_for_run(
    via: str, registry: RegistryChoice, environment: str, name: str, remote: str = ""
) -> Forge | None:
    """Dispatch a run; a job can only run what an environment serves under a name."""
    from registry_tool.manifest.names import bad_name

    fits = bool(environment) and bad_name(name) is None
    if via == "github" and not fits:
        raise UsageError(
            "a job runs what an environment serves under a name",
            hint="write `puppy-cli run NAME --env ENVIRONMENT --via github`",
        )
    return chosen_forge(via, registry.folder or Path(), remote) if fits else None


def only_here(*given: object) -> None:
    """Refuse options of `run` that say how this machine runs it."""
    if any(given):
        raise UsageError(
            "--workspace, --timeout, --concurrency, --fresh, --stream, --trace, --step, --log, --dry-run and "
            "--otlp say how to run it here",
            hint="leave them out with --via github",
        )


def deploy_by_job(
    forge: Forge,
    request: DeployRequest,
    environment: str,
    following: FollowOptions,
    show: Callable[[Deployment], None],
) -> None:
    """Ask for a deploy job; with `wait`, `show` what is deployed in the end."""
    from registry_tool.commands.jobs.dispatch import send_deploy
    from registry_tool.commands.jobs.results import deployment_on
    from registry_tool.sources.reference import parse_reference

    with _left_alone("deploy", environment) as job:
        job.sent = send_deploy(forge, request, environment, job.correlation_id)
        if not following.wait:
            return _print_sent(job.sent, following.format_)
        _success(forge, _end(forge, job.sent, following))
    show(deployment_on(forge, environment, parse_reference(request.workflow).name))
    return None


def run_by_job(
    forge: Forge, request: ExecuteRequest, environment: str, following: FollowOptions
) -> None:
    """Ask for an execute job; with `wait`, print its result. A failed run exits with 1, as it does here."""
    from registry_tool.commands.jobs.dispatch import send_execute
    from registry_tool.commands.jobs.results import result_of

    with _left_alone("execute", environment) as job:
        job.sent = send_execute(forge, request, environment, job.correlation_id)
        if not following.wait:
            return _print_sent(job.sent, following.format_)
        ended = _end(forge, job.sent, following)
        result = result_of(forge, ended) if ended.conclusion in {"success", "failure"} else None
    if result is not None and (result.error or ended.conclusion == "success"):
        return print_run(result, following.format_)
    _success(forge, ended)
    click.echo(
        f"It succeeded. Its result is encrypted in the artifact of {ended.url}; "
        "who holds the environment's key opens it with `registry-tool payload open`."
    )
    return None


@dataclass(slots=True)
class _Job:
    kind: str
    environment: str
    correlation_id: str
    sent: SentRequest | None = None


@contextmanager
def _left_alone(kind: str, environment: str) -> Iterator[_Job]:
    """Ctrl-C ends the looking, never the job: it is said where that is to be found."""
    from registry_tool.commands.jobs.dispatch import new_correlation_id
    from registry_tool.commands.jobs.follow import how_to_watch

    job = _Job(kind, environment, new_correlation_id())
    try:
        yield job
    except KeyboardInterrupt:
        if job.sent is not None:
            message = f"the job goes on: {how_to_watch(job.sent.run)}"
        else:
            message = f"a job may have started: ({job.correlation_id}) stands in its run's name"
        click.echo(inert(message), err=True)
        raise


def _print_sent(sent: SentRequest, format_: str) -> None:
    from registry_tool.commands.jobs.follow import how_to_watch

    if format_ == "json":
        print_json(sent.to_value())
    else:
        click.echo(f"A job was started in {sent.environment}: {how_to_watch(sent.run)}")


def _end(forge: Forge, sent: SentRequest, following: FollowOptions) -> ActionRun:
    from registry_tool.commands.jobs.follow import PollingPolicy, follow

    if sent.run.url:
        click.echo(f"The job: {sent.run.url}", err=True)
    return follow(forge, sent.run, _print_progress, PollingPolicy(following.limit))


def _success(forge: Forge, run: ActionRun) -> None:
    from registry_tool.commands.jobs.follow import check_success

    check_success(forge, run)


def _print_progress(change: JobProgress) -> None:
    """One line a change: `Deploy / Install the tool: success`."""
    where = " / ".join(part for part in (change.job, change.step) if part) or "The job"
    click.echo(inert(f"{where}: {change.state}".replace("\n", " ")), err=True)
