"""`puppy-cli`: what authors, consumers and operators run."""

from __future__ import annotations

import sys

import click

from registry_tool import __version__
from registry_tool.cli import author, batch, consume, errors, runs
from registry_tool.cli import deploy as operate
from registry_tool.cli import hold as holding
from registry_tool.cli import keys as privacy
from registry_tool.cli import run as running

_SECTIONS = (
    author.COMMANDS,
    consume.COMMANDS,
    running.COMMANDS,
    batch.COMMANDS,
    operate.COMMANDS,
    holding.COMMANDS,
    runs.COMMANDS,
    privacy.CLIENT_COMMANDS,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Write, test, find, run and deploy workflows.

    Example: puppy-cli run sentiment-analysis --input text="What a lovely day" --provider local
    """


for _section in _SECTIONS:
    for _command in _section:
        cli.add_command(_command)


def main() -> None:
    """The console script."""
    sys.exit(errors.run(lambda: cli(standalone_mode=False)))
