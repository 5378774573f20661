"""`puppy-cli`: what authors, consumers and operators run."""

from __future__ import annotations

import sys
from typing import Final

import click

from registry_tool import __version__
from registry_tool.cli import errors
from registry_tool.cli.completion.answer import answer, asked
from registry_tool.cli.groups import LazyCommands, SectionedGroup
from registry_tool.cli.help.puppy_sections import SECTIONS

MODULES: Final = {
    "registry_tool.cli.mcp": "mcp",
    "registry_tool.cli.author.init": "init",
    "registry_tool.cli.author.project": "validate build verify",
    "registry_tool.cli.author.testing": "test",
    "registry_tool.cli.bisect": "bisect",
    "registry_tool.cli.author.dev": "dev",
    "registry_tool.cli.author.publish": "publish",
    "registry_tool.cli.account": "login logout whoami",
    "registry_tool.cli.author.manifest": "fmt add outdated update",
    "registry_tool.cli.author.exchange": "import export docs",
    "registry_tool.cli.author.machine": "models doctor",
    "registry_tool.cli.author.config": "config",
    "registry_tool.cli.consume": "list search info versions diff sbom tree install bundle",
    "registry_tool.cli.run": "run explain",
    "registry_tool.cli.batch": "batch batch-merge",
    "registry_tool.cli.deploy.deploy": "deploy promote rollback",
    "registry_tool.cli.deploy.hold": "pause resume",
    "registry_tool.cli.deploy.status": "status",
    "registry_tool.cli.runs": "runs logs",
    "registry_tool.cli.seal": "seal",
    "registry_tool.cli.completion.command": "completion",
    "registry_tool.cli.man": "man",
    "registry_tool.cli.skill": "skill",
}
"""Where each command is."""


@click.group(
    "puppy-cli",
    cls=SectionedGroup,
    sections=SECTIONS,
    other="registry-tool",
    commands=LazyCommands(MODULES),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__)
def cli() -> None:
    """Write, test, find, run and deploy workflows.

    Example: puppy-cli run sentiment-analysis --input text="What a lovely day" --provider local
    """


def main() -> None:
    """The console script."""
    if asked("puppy-cli"):
        sys.exit(errors.run(lambda: answer(cli, "puppy-cli")))
    sys.exit(errors.run(lambda: cli(standalone_mode=False)))
