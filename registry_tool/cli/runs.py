"""Commands that look at runs: runs, logs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.deploy.show import say
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import (
    as_of,
    empty_sentence,
    state_remote,
    target_of,
)
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.core.values import Object
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.monitoring.records import BrokenRecordError
    from registry_tool.monitoring.runs import Run


@click.command()
@click.argument("name", shell_complete=complete.names, default="")
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    help="Only this environment.",
)
@click.option(
    "--status",
    type=click.Choice(["success", "error", "running", "lost"]),
    default=None,
    help="Only runs that went so.",
)
@click.option("--since", default="", help="A time (2026-11-25, 2026-11-25T12:00Z) or an age (24h).")
@click.option(
    "--last", type=click.IntRange(1), default=50, show_default=True, help="At most so many."
)
@click.option(
    "--verify", is_flag=True, help="Check every signature, not only the last of each month."
)
@clone_root
@state_remote
@format_option()
def runs(
    name: str,
    environment: str,
    status: str | None,
    since: str,
    last: int,
    verify: bool,
    root: Path,
    remote: str,
    format_: str,
) -> None:
    """Which runs there were, and how they went: out of their signed records.

    Example: puppy-cli runs sentiment-analysis --env production --status error --since 24h
    """
    from registry_tool.commands.consume.unknown_names import demand_known
    from registry_tool.commands.run.runs import list_runs

    target = target_of(root, remote, may_be_old=True)
    broken: list[BrokenRecordError] = []
    found = list_runs(
        target,
        name,
        environment,
        status=status or "",
        since=since,
        every=verify,
        broken=broken.append,
    )[-last:]
    for error in broken:
        click.echo(inert(f"error: {error}"), err=True)
    if not found and not broken:
        demand_known(target, environment, name)
    if format_ == "json":
        print_json({"runs": [run.to_value() for run in found], **as_of(target)})
    else:
        _print_runs(found, empty_sentence(target, _no_run(name, environment, status or "", since)))
    if broken:
        raise click.exceptions.Exit(1)


def _no_run(name: str, environment: str, status: str, since: str) -> str:
    """That there is none, of what was asked for: others may be recorded."""
    criteria = (("of", name), ("in", environment), ("with the status", status), ("since", since))
    return " ".join(
        ["No run", *(f"{word} {value}" for word, value in criteria if value), "is recorded."]
    )


def _print_runs(found: list[Run], empty: str) -> None:
    from registry_tool.engine.answerers import answered_words

    print_table(
        [
            [
                run.start.time,
                run.start.execution_id,
                run.start.environment,
                f"{run.start.workflow}:{run.start.version}",
                run.status,
                f"{run.end.seconds:.2f} s" if run.end else "",
                f"{run.usage.tokens} tokens" if run.end else "",
                run.end.error_kind if run.end else "",
                answered_words(run.end.answered_by, run.end.instead_of) if run.end else "",
            ]
            for run in found
        ],
        empty=empty,
    )


@click.command()
@click.argument("name", shell_complete=complete.names)
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    required=True,
    help="The environment.",
)
@click.option("--last", type=click.IntRange(1), default=None, help="Only the last lines.")
@click.option("--execution-id", default="", help="Only this run.")
@click.option("--follow", is_flag=True, help="Go on as lines come, until Ctrl-C.")
@clone_root
@state_remote
@format_option()
def logs(
    name: str,
    environment: str,
    last: int | None,
    execution_id: str,
    follow: bool,
    root: Path,
    remote: str,
    format_: str,
) -> None:
    """The logs of a workflow's runs in an environment, kept on this machine.

    Of a run that a job made elsewhere, it brings what the job kept through the forge (GITHUB_TOKEN).

    Example: puppy-cli logs sentiment-analysis --env development --last 20
    """
    from registry_tool.commands.consume.unknown_names import demand_recorded, known_workflow
    from registry_tool.commands.jobs.fetched_logs import find_log
    from registry_tool.state.runs.logs import follow_log

    target = target_of(root, remote, may_be_old=True)
    demand_recorded(target, environment)
    if follow:
        _follow(follow_log(target, name, environment, execution_id, last=last or 10), format_)
        return
    with known_workflow(target, name):
        found = find_log(target, name, environment, execution_id, say)
    lines = found[-(last or 0) :]
    if format_ == "json":
        print_json({"events": [*lines]})
        return
    _print(lines)


def _print(lines: Iterable[Object]) -> None:
    from registry_tool.report.log import log_line

    for line in lines:
        click.echo(log_line(line))


def _follow(lines: Iterable[Object], format_: str) -> None:
    """Until Ctrl-C, which is the way to end it. As JSON, an event a line."""
    from registry_tool.cli.json_line import json_line
    from registry_tool.report.log import log_line

    try:
        for line in lines:
            click.echo(json_line(line) if format_ == "json" else log_line(line))
    except KeyboardInterrupt:
        return


COMMANDS = (runs, logs)
