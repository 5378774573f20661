"""The command that seals inputs for a dispatch: seal."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import clone_root, read_inputs
from registry_tool.cli.options_state import state_remote, target_of
from registry_tool.cli.output import print_json, print_warning
from registry_tool.cli.run import input_options


@click.command()
@click.argument("name", shell_complete=complete.names)
@input_options
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    required=True,
    envvar="ENVIRONMENT",
    help="The environment.",
)
@clone_root
@state_remote
@click.option(
    "--actor-id",
    type=click.IntRange(1),
    default=None,
    help="The numeric id of who will send it: nobody else can have it run. Default: whose GITHUB_TOKEN is set.",
)
def seal(
    name: str,
    inputs: tuple[str, ...],
    inputs_file: Path | None,
    environment: str,
    root: Path,
    remote: str,
    actor_id: int | None,
) -> None:
    """Print a request for a dispatch whose inputs only the environment's job can read, for one run.

    Example: puppy-cli seal sentiment-analysis --env production --input text="What a lovely day"
    """
    from registry_tool.commands.jobs.dispatch import sender_of
    from registry_tool.commands.requests.seal import seal_request
    from registry_tool.security.sealing import ANYONE

    target = target_of(root, remote)
    actor = actor_id or sender_of(root, remote, os.environ)
    read = partial(read_inputs, pairs=inputs, file=inputs_file)
    sealed = seal_request(target, environment, name, read, actor)
    if actor == ANYONE:
        print_warning(
            "the request names nobody: who reads it first can have it run (once; what it leaves is locked). "
            "Name who sends it: --actor-id ID, or set GITHUB_TOKEN"
        )
    print_json(sealed, keep=sealed)  # it is to be sent as it stands


COMMANDS = (seal,)
