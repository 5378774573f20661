"""Commands in this process, with their exceptions."""

from __future__ import annotations

from click.testing import CliRunner, Result

from registry_tool.cli.puppy import cli


def invoke(*words: str) -> Result:
    """How a command of `puppy-cli` ended."""
    return CliRunner().invoke(cli, words)
