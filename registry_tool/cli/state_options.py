"""Options of commands on a registry's state: which environment, which remote, only to say it."""

from __future__ import annotations

from pathlib import Path

import click

one_environment = click.option(
    "--env", "environment", required=True, envvar="ENVIRONMENT", help="The environment."
)
any_environment = click.option(
    "--env", "environment", default="", envvar="ENVIRONMENT", help="Only this environment."
)
state_remote = click.option(
    "--remote", default="", help="The remote that holds the state. Default: this repository."
)
clone_root = click.option(
    "--root",
    type=click.Path(path_type=Path),
    default=None,
    help="The registry's clone. Default: the one around you.",
)
only_say = click.option("--dry-run", is_flag=True, help="Only say what would go.")
