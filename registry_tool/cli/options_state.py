"""Options of commands on a registry's state: which environment, which remote, only to say it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.output import print_warning
from registry_tool.core.values import Object

if TYPE_CHECKING:
    from registry_tool.state.target import Target

one_environment = click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    required=True,
    envvar="ENVIRONMENT",
    help="The environment.",
)
any_environment = click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    envvar="ENVIRONMENT",
    help="Only this environment.",
)
state_remote = click.option(
    "--remote",
    default="",
    help="The remote that holds the state, `.` for the clone itself. Default: the clone's remote.",
)


only_say = click.option("--dry-run", is_flag=True, help="Only say what would go.")


def target_of(root: Path, remote: str, *, may_be_old: bool = False) -> Target:
    """The registry that a command works on.

    `may_be_old` is for commands that only tell: where the remote can't be read they tell the last known state, and
    a warning says as of when.
    """
    from registry_tool.state.target import Target as Chosen
    from registry_tool.store.state.notes import StateNotes

    return Chosen(root, remote, notes=StateNotes(may_be_old, print_warning))


def as_of(target: Target) -> Object:
    """What a JSON document says of how old it is: nothing where all was read now."""
    old = target.notes.oldest
    return {"as_of": {"commit": old.commit, "time": old.time, "branch": old.branch}} if old else {}


def empty_sentence(target: Target, sentence: str) -> str:
    """What is said where nothing was found: as of when, where it could not be looked at now."""
    old = target.notes.oldest
    return f"Nothing to show {old}; it isn't known what there is now." if old else sentence
