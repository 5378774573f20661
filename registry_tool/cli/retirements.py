"""The command for models that retire: it lists what asks them, and proposes moves to their successors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.evaluate import asking_options
from registry_tool.cli.jobs.options import append_summary, moment, summary_option
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import as_of, empty_sentence, state_remote, target_of
from registry_tool.cli.output import format_option, print_json, print_table, print_warning
from registry_tool.core.errors import UsageError
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.monitor.retirements import RetirementReport
    from registry_tool.report.successors import ProposedMove
    from registry_tool.state.target import Target

_F = TypeVar("_F", bound=Callable[..., object])


def _within(_: click.Context, __: click.Parameter, value: str) -> timedelta:
    from registry_tool.core.clock import seconds

    try:
        return timedelta(seconds=seconds(value))
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(str(error)) from None


def _successors(
    _: click.Context, __: click.Parameter, values: tuple[str, ...]
) -> Mapping[str, str]:
    pairs = [value.partition("=") for value in values]
    if wrong := [old for old, sign, new in pairs if not (old and sign and new)]:
        raise click.BadParameter(f"{wrong[0]!r} is not OLD=NEW, such as gpt-4=gpt-5")
    named = {old: new for old, _, new in pairs}
    if len(named) < len(pairs):
        olds = [old for old, _, _ in pairs]
        twice = next(old for old in olds if olds.count(old) > 1)
        raise click.BadParameter(f"{twice!r} has two successors: name one")
    return named


_PROPOSING = (
    click.option(
        "--propose",
        is_flag=True,
        help="Open a pull request for each workflow that can move to a named successor.",
    ),
    click.option(
        "--successor",
        "successors",
        callback=_successors,
        multiple=True,
        metavar="OLD=NEW",
        help="Another successor than the lists name; more than once for more.",
    ),
    click.option(
        "--env",
        "environment",
        shell_complete=complete.environments,
        default="",
        envvar="ENVIRONMENT",
        help="The environment whose provider, address and limits count.",
    ),
    asking_options,
    click.option("--dry-run", is_flag=True, help="Only say what would be proposed."),
)


def _proposing(command: _F) -> _F:
    for option in reversed(_PROPOSING):
        command = option(command)
    return command


@click.command()
@clone_root
@state_remote
@click.option("--within", callback=_within, default="90d", show_default=True, help="How far ahead.")
@click.option("--now", callback=moment, default=None, help="As if it were then (RFC 3339).")
@_proposing
@summary_option
@format_option(("text", "json", "markdown"))
def retirements(
    root: Path,
    remote: str,
    within: timedelta,
    now: datetime | None,
    propose: bool,
    successors: Mapping[str, str],
    environment: str,
    provider: str | None,
    runs: int,
    budget: tuple[int | None, float | None],
    dry_run: bool,
    summary: Path | None,
    format_: str,
) -> None:
    """List what asks a model that retires soon, or is gone. Exit code 1: something that serves or is newest does.

    With --propose, the newest version of each such workflow gets a next one on a branch `successor/NAME`: only the
    model's name differs, its tests are recorded anew, and a pull request shows how both versions do in pairs. What
    is proposed already, or was closed, stays; nothing is published. Exit code 1: one could not be proposed.

    Example: registry-tool retirements --propose --env development --dry-run
    """
    from registry_tool.commands.consume.unknown_names import demand_known
    from registry_tool.commands.monitor.replacement.access import access_in
    from registry_tool.commands.monitor.replacement.propose import proposals
    from registry_tool.commands.monitor.retirements import retirements as find
    from registry_tool.engine.providers.models.metered import Budget

    if (dry_run or successors) and not propose:
        given = "--dry-run" if dry_run else "--successor"
        raise UsageError(f"{given} is only for --propose", hint="add --propose")
    target = target_of(root, remote, may_be_old=True)
    demand_known(target, environment)
    found = find(target, now or target.clock.now(), within)
    if propose:
        for model in sorted(successors.keys() - {one.retirement.model for one in found.found}):
            print_warning(
                f"--successor {model}: no workflow asks a model of that name that retires"
            )
        access = access_in(target, environment, provider or "", Budget(*budget), runs)
        proposed = proposals(target, found, successors, access, dry_run=dry_run)
        _print_proposals(proposed, summary, format_)
        return
    _print_found(target, found, format_)
    if found.urgent:
        raise click.exceptions.Exit(1)


def _print_found(target: Target, found: RetirementReport, format_: str) -> None:
    from registry_tool.report.retirements import NOTHING, REST, URGENT, retirements_markdown

    if format_ == "json":
        print_json({**found.to_value(), **as_of(target)})
    elif format_ == "markdown":
        until = f"{found.until:%Y-%m-%d}"
        tables = (found.rows(urgent=True), found.rows(urgent=False))
        click.echo(retirements_markdown(*tables, until), nl=False)
    else:
        for head, urgent in ((URGENT, True), (REST, False)):
            if rows := [list(row) for row in found.rows(urgent=urgent)]:
                click.echo(f"{head}:")
                print_table(rows, empty="")
        if not found.found:
            click.echo(empty_sentence(target, NOTHING))


def _print_proposals(proposed: Iterator[ProposedMove], summary: Path | None, format_: str) -> None:
    from registry_tool.report.successors import (
        NOTHING_TO_MOVE,
        proposal_lines,
        proposals_markdown,
        proposals_value,
    )

    found: list[ProposedMove] = []
    for one in proposed:
        found.append(one)
        if format_ == "text":
            for line in proposal_lines([one]):
                click.echo(inert(line))
    if format_ == "json":
        print_json(proposals_value(found))
    elif format_ == "markdown":
        click.echo(proposals_markdown(found), nl=False)
    elif not found:
        click.echo(NOTHING_TO_MOVE)
    append_summary(summary, proposals_markdown(found))
    if any(one.failed for one in found):
        raise click.exceptions.Exit(1)


COMMANDS = (retirements,)
