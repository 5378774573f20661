"""Commands for operators: deploy, promote, rollback, status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry_tool.cli.dispatch import (
    Following,
    chosen_forge,
    deploy_by_job,
    via_option,
    wait_limit_option,
)
from registry_tool.cli.options_state import (
    as_of,
    clone_root,
    empty_sentence,
    state_remote,
    target_of,
)
from registry_tool.cli.output import format_option, print_facts, print_json, print_table
from registry_tool.core.values import Value
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.deploy.deploy import DeployOptions
    from registry_tool.commands.requests.request import DeployRequest
    from registry_tool.deploy.broken import BrokenPointer
    from registry_tool.deploy.model import Deployment, StageEvent
    from registry_tool.state.target import Target

_env = click.option("--env", "environment", required=True, help="The environment.")


_strategy = click.option(
    "--strategy",
    default="",
    help="all-at-once, blue-green, canary, or a JSON object. Default: the environment's own.",
)


def _reason(_: click.Context, __: click.Parameter, value: str | None) -> str:
    from registry_tool.commands.requests.schema import OVERRIDE

    if value is not None and not OVERRIDE.takes(value):
        raise click.BadParameter(f"{OVERRIDE.meant} is meant")
    return value or ""


_override = click.option(
    "--override",
    default=None,
    metavar="REASON",
    callback=_reason,
    help="For maintainers: set the environment's rules (after, approval) aside; on record and audited.",
)
_wait = click.option(
    "--wait", is_flag=True, help="Go on with a paused rollout, or follow the job, until it ends."
)
_via = via_option("auto")
reason_option = click.option(
    "--reason", default="", help="Why; it stands in the events, in status and in the audit log."
)


def tell(event: StageEvent) -> None:
    """One line a stage, as it ends."""
    shown = {key: value for key, value in event.detail.items() if key not in _LONG and value}
    detail = ", ".join(
        key if value is True else f"{key} {_words(value)}" for key, value in shown.items()
    )
    line = f"{event.stage:<12}  {event.status:<12}  {event.seconds:6.2f} s  {detail}"
    click.echo(inert(line.rstrip()), err=True)


_LONG = frozenset({"serving", "entry"})
_SHOWN = len("sha256:") + 10  # of a digest; `status --format json` has all of it


def say(sentence: str) -> None:
    """One line on standard error: what was not done, and why."""
    click.echo(inert(sentence), err=True)


def _words(value: Value) -> str:
    if isinstance(value, list):
        return " ".join(_words(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{key}:{item}" for key, item in value.items() if item is not None)
    text = str(value)
    return f"{text[:_SHOWN]}…" if text.startswith("sha256:") else text


def show(deployment: Deployment, format_: str = "text") -> None:
    """What serves now, and whether a rollout goes on."""
    from registry_tool.deploy.render import deployment_json, deployment_sentences

    if format_ == "json":
        print_json(deployment_json(deployment))
        return
    for sentence in deployment_sentences(deployment):
        click.echo(inert(sentence))


def how_of(strategy: str = "", reason: str = "", override: str = "") -> DeployOptions:
    """How a command works, by its options."""
    from registry_tool.commands.deploy.deploy import DeployOptions as Chosen
    from registry_tool.commands.deploy.reason import checked_reason
    from registry_tool.deploy.strategy import strategy_of

    asked = strategy_of(strategy) if strategy else {}
    return Chosen(strategy=asked, reason=checked_reason(reason), override=override, say=say)


@dataclass(frozen=True, slots=True)
class Where:
    """Where a command acts, and who does it."""

    environment: str
    root: Path
    remote: str
    via: str

    @property
    def target(self) -> Target:
        return target_of(self.root, self.remote)


def by_job(request: DeployRequest, where: Where, following: Following) -> bool:
    """Let a job on GitHub do it, where one shall."""
    forge = chosen_forge(where.via, where.target.root, where.remote)
    if forge is not None:
        shown = partial(show, format_=following.format_)
        deploy_by_job(forge, request, where.environment, following, shown)
    return forge is not None


def _roll_out(
    run: Callable[..., Deployment],
    request: DeployRequest,
    where: Where,
    how: DeployOptions,
    following: Following,
) -> None:
    """Bring a version in, here or by a job; with `--wait` to the end of its rollout."""
    if by_job(request, where, following):
        return
    from registry_tool.commands.deploy.reconcile import wait_for

    target = where.target
    deployment = run(target, request.workflow, where.environment, tell, how)
    if following.wait:
        deployment = wait_for(target, deployment, tell, how, following.limit)
    show(deployment, following.format_)


def acting(command: Callable[..., None]) -> Callable[..., None]:
    """The options of all that changes what serves; the command gets them as `where` and `following`."""

    @wraps(command)
    def act(
        *,
        environment: str,
        root: Path,
        remote: str,
        via: str,
        wait: bool,
        wait_limit: float,
        format_: str,
        **own: Any,
    ) -> None:
        where = Where(environment, root, remote, via)
        command(where=where, following=Following(wait, wait_limit, format_), **own)

    options = (_env, _wait, wait_limit_option, _via, clone_root, state_remote, format_option())
    return reduce(lambda decorated, option: option(decorated), reversed(options), act)


@click.command()
@click.argument("reference")
@_strategy
@_override
@click.option("--dry-run", is_flag=True, help="Only say what would happen; nothing is written.")
@acting
def deploy(
    reference: str,
    strategy: str,
    override: str,
    dry_run: bool,
    where: Where,
    following: Following,
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


def _say_what_would_happen(reference: str, where: Where, how: DeployOptions, format_: str) -> None:
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
@click.argument("name")
@_strategy
@_override
@acting
def promote(name: str, strategy: str, override: str, where: Where, following: Following) -> None:
    """Go on with a rollout that waits for a human; else bring in what serves in the environment below.

    Example: puppy-cli promote sentiment-analysis --env staging
    """
    from registry_tool.commands.deploy.promote import promote as run
    from registry_tool.commands.requests.request import Action, DeployRequest

    how = how_of(strategy, override=override)
    request = DeployRequest(name, Action.PROMOTE, strategy=how.strategy, override=override)
    _roll_out(run, request, where, how, following)


@click.command()
@click.argument("name")
@click.option("--to", default="", help="The version to go back to. Default: the one before.")
@reason_option
@acting
def rollback(name: str, to: str, reason: str, where: Where, following: Following) -> None:
    """Serve the version again that served before, at once; a rollout in progress is over.

    Example: puppy-cli rollback sentiment-analysis --env development --reason "answers got worse"
    """
    from registry_tool.commands.deploy.rollback import rollback as run
    from registry_tool.commands.requests.request import Action, DeployRequest

    how = how_of(reason=reason)
    request = DeployRequest(name, Action.ROLLBACK, to=to, reason=how.reason)
    if by_job(request, where, following):
        return
    done = run(where.target, name, where.environment, to=to, tell=tell, how=how)
    show(done, following.format_)


@click.command()
@click.argument("name", default="")
@click.option("--env", "environment", default="", help="Only this environment.")
@clone_root
@state_remote
@format_option()
def status(name: str, environment: str, root: Path, remote: str, format_: str) -> None:
    """What serves where, with which share, since when and by whom; rollouts that go on; what failed last.

    Example: puppy-cli status --env production
    """
    from registry_tool.commands.consume.unknown_names import demand_known
    from registry_tool.commands.deploy.status import statuses
    from registry_tool.deploy.render import deployment_rows
    from registry_tool.state.target import deployments

    target = target_of(root, remote, may_be_old=True)
    found, broken = deployments(target, environment, name)
    if not found and not broken:
        demand_known(target, environment, name)
    if format_ == "json":
        states = [status.to_value() for status in statuses(target, found)]
        rows = [*states, *(one.to_value() for one in broken)]
        print_json({"deployments": [*rows], **as_of(target)})
    else:
        lines = [row for deployment in found for row in deployment_rows(deployment)]
        lines += [one.to_row() for one in broken]
        print_table(lines, empty=empty_sentence(target, _nothing(name, environment)))
        for status in statuses(target, found):
            for sentence in status.sentences():
                click.echo(inert(sentence))
    _demand_whole(broken)


def _nothing(name: str, environment: str) -> str:
    """That nothing is deployed, of what was asked for: others may be."""
    of, to = (f" of {name}" if name else ""), (f" to {environment}" if environment else "")
    return f"Nothing{of} is deployed{to}."


def _demand_whole(broken: list[BrokenPointer]) -> None:
    """Exit code 1 where a pointer is broken: whoever asks for status must not read the rest as all there is."""
    for one in broken:
        click.echo(inert(f"error: {one.error}"), err=True)
    if broken:
        raise click.exceptions.Exit(1)


COMMANDS = (deploy, promote, rollback, status)
