"""`completion install` and `completion show`, of both programs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from registry_tool.cli.completion.answer import SHELLS
from registry_tool.cli.output import format_option, print_json
from registry_tool.core.errors import UsageError
from registry_tool.report.text import inert


def _shell(_: click.Context, __: click.Parameter, value: str | None) -> str:
    shell = value or Path(os.environ.get("SHELL", "")).name
    if shell not in SHELLS:
        raise UsageError(
            f"your shell is {shell[:40]!r}, and completion is for {', '.join(SHELLS)}"
            if shell
            else "SHELL is not set, so which shell is used isn't known",
            hint=f"name one: --shell {SHELLS[0]}",
        )
    return shell


_shell_option: Callable[[Any], Any] = click.option(
    "--shell",
    type=click.Choice(SHELLS),
    default=None,
    callback=_shell,
    help="Which shell. Default: yours, by SHELL.",
)


@click.group()
def completion() -> None:
    """Completion by Tab in bash, zsh and fish: commands, options, workflows, versions, environments and more.

    It reads what is on this machine, and asks no network.

    Example: puppy-cli completion install --shell bash
    """


@completion.command()
@_shell_option
@format_option()
def install(shell: str, format_: str) -> None:
    """Write the shell's script, and a line into its start-up file where it needs one. Again, it changes nothing.

    Example: puppy-cli completion install
    """
    from registry_tool.cli.completion.install import install as run

    done = run(_program(), shell, _script(shell), Path.home(), os.environ)
    if format_ == "json":
        print_json(done.to_value())
        return
    for path in done.files:
        click.echo(inert(f"{'written' if path in done.written else 'is there'}: {path}"))
    click.echo(f"Start a new {shell} to use it.")


@completion.command()
@_shell_option
@format_option()
def show(shell: str, format_: str) -> None:
    """Print the shell's script, to put it where you want it.

    Example: puppy-cli completion show --shell zsh
    """
    if format_ == "json":
        print_json({"shell": shell, "script": _script(shell)})
    else:
        click.echo(_script(shell))


def _program() -> str:
    return str(click.get_current_context().find_root().command.name)


def _script(shell: str) -> str:
    from registry_tool.cli.completion.answer import script

    return script(click.get_current_context().find_root().command, _program(), shell)


COMMANDS = (completion,)
