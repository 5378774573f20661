"""`registry-tool`: what maintainers and Action jobs run."""

from __future__ import annotations

import sys

import click

from registry_tool import __version__
from registry_tool.cli import audit as auditing
from registry_tool.cli import erase as erasing
from registry_tool.cli import errors, state
from registry_tool.cli import keys as privacy
from registry_tool.cli import monitor as watching
from registry_tool.cli import review as gate
from registry_tool.cli import site as shop
from registry_tool.cli.jobs import batch as jobs_batch
from registry_tool.cli.jobs import deploy as jobs_deploy
from registry_tool.cli.jobs import execute as jobs_execute
from registry_tool.cli.jobs import plan as jobs_plan


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
