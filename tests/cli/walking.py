"""Every command of both programs."""

from __future__ import annotations

from collections.abc import Iterator

import click

from registry_tool.cli.puppy import cli as puppy
from registry_tool.cli.registry import cli as registry

PROGRAMS = {str(program.name): program for program in (puppy, registry)}


def every_command() -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """The words that begin each command, such as (`puppy-cli`, `config`, `get`), and the command."""
    for name, program in PROGRAMS.items():
        yield from _below(program, (name,))


def _below(
    group: click.Group, words: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _below(command, (*words, name))
        else:
            yield (*words, name), command
