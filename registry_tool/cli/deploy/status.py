"""The command that tells what serves: status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import (
    as_of,
    empty_sentence,
    state_remote,
    target_of,
)
from registry_tool.cli.output import format_option, print_json, print_table
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.deploy.broken import BrokenPointer


@click.command()
@click.argument("name", shell_complete=complete.names, default="")
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    help="Only this environment.",
)
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


COMMANDS = (status,)
