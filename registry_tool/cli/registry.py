"""`registry-tool`: what maintainers and Action jobs run."""

from __future__ import annotations

import sys

import click

from registry_tool import __version__
from registry_tool.cli import (
    auditing,
    erasing,
    errors,
    gate,
    jobs_batch,
    jobs_deploy,
    jobs_execute,
    jobs_plan,
    privacy,
    shop,
    state,
    watching,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Keep a workflow registry honest: check it, index it, build its site, deploy and run from it.

    Example: registry-tool check --root .
    """


for _section in (
    gate.COMMANDS,
    shop.COMMANDS,
    jobs_plan.COMMANDS,
    jobs_deploy.COMMANDS,
    jobs_execute.COMMANDS,
    jobs_batch.COMMANDS,
    privacy.COMMANDS,
    erasing.COMMANDS,
    auditing.COMMANDS,
    watching.COMMANDS,
    state.COMMANDS,
):
    for command in _section:
        cli.add_command(command)


def main() -> None:
    """The console script."""
    sys.exit(errors.run(lambda: cli(standalone_mode=False)))
