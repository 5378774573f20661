"""`registry-tool`: what maintainers and Action jobs run."""

from __future__ import annotations

import sys
from typing import Final

import click

from registry_tool import __version__
from registry_tool.cli import errors
from registry_tool.cli.completion.answer import answer, asked
from registry_tool.cli.groups import LazyCommands, SectionedGroup
from registry_tool.cli.help.registry_sections import SECTIONS

MODULES: Final = {
    "registry_tool.cli.review": "check check-pr yank remove certify new",
    "registry_tool.cli.evaluate": "evaluate",
    "registry_tool.cli.auto_merge": "auto-merge",
    "registry_tool.cli.site": "index build-site publish-site refresh-stats",
    "registry_tool.cli.serve": "serve",
    "registry_tool.cli.jobs.plan": "place environments due needs",
    "registry_tool.cli.jobs.deploy": "deploy-request reconcile demand-reviewers",
    "registry_tool.cli.jobs.execute": "admit execute record",
    "registry_tool.cli.jobs.batch": "scheduled batch-plan batch-shard batch-merge",
    "registry_tool.cli.keys": "keys payload",
    "registry_tool.cli.tokens": "tokens",
    "registry_tool.cli.provenance": "provenance",
    "registry_tool.cli.trust": "trust",
    "registry_tool.cli.vulnerabilities": "vulnerabilities",
    "registry_tool.cli.erase": "erase prune",
    "registry_tool.cli.audit": "audit",
    "registry_tool.cli.monitor": "monitoring exporter drift",
    "registry_tool.cli.retirements": "retirements",
    "registry_tool.cli.notify": "notify",
    "registry_tool.cli.state": "state",
    "registry_tool.cli.completion.command": "completion",
    "registry_tool.cli.man": "man",
}
"""Where each command is."""
ALIASES: Final = {
    "build": "build-site",
    "publish": "publish-site",
    "deploy": "deploy-request",
}
"""Names that mean something else in `puppy-cli` (docs/adr/0039); Action files say them."""


@click.group(
    "registry-tool",
    cls=SectionedGroup,
    sections=SECTIONS,
    aliases=ALIASES,
    other="puppy-cli",
    commands=LazyCommands(MODULES),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__)
def cli() -> None:
    """Keep a workflow registry honest: check it, index it, build its site, deploy and run from it.

    Example: registry-tool check --registry .
    """


def main() -> None:
    """The console script."""
    if asked("registry-tool"):
        sys.exit(errors.run(lambda: answer(cli, "registry-tool")))
    sys.exit(errors.run(lambda: cli(standalone_mode=False)))
