"""Commands on settings: config get, set, unset, list."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.output import format_option, print_json, print_table

_STDIN = "-"
_project = click.option(
    "--project", is_flag=True, help="In the project's puppy.toml, not in your own file."
)


@click.group()
def config() -> None:
    """Your settings and the project's: which registry, whether offline.

    Example: puppy-cli config set registry https://example.com/workflows
    """


@config.command("get")
@click.argument("key", shell_complete=complete.settings)
@format_option()
def get(key: str, format_: str) -> None:
    """Print the value that holds here.

    Example: puppy-cli config get registry
    """
    from registry_tool.commands.author.configure import get_setting

    found = get_setting(key)
    if format_ == "json":
        print_json(found.to_value())
    else:
        click.echo(found.text)


@config.command("set")
@click.argument("key", shell_complete=complete.settings)
@click.argument("values", nargs=-1, required=True, metavar="VALUE...")
@_project
@format_option()
def set_(key: str, values: tuple[str, ...], project: bool, format_: str) -> None:
    """Write a setting. Several values are a list; `-` reads one from standard input.

    Example: puppy-cli config set registries.acme https://workflows.acme.example
    """
    from registry_tool.commands.author.configure import set_setting

    if values == (_STDIN,):
        values = (sys.stdin.readline().strip(),)
    _written(set_setting(key, values, project=Path() if project else None), format_)


@config.command("unset")
@click.argument("key", shell_complete=complete.settings)
@_project
@format_option()
def unset(key: str, project: bool, format_: str) -> None:
    """Take a setting away.

    Example: puppy-cli config unset registries.acme
    """
    from registry_tool.commands.author.configure import unset_setting

    _written(unset_setting(key, project=Path() if project else None), format_)


@config.command("list")
@format_option()
def list_(format_: str) -> None:
    """Print every setting, and who says it.

    Example: puppy-cli config list --format json
    """
    from registry_tool.commands.author.configure import list_settings

    found = list_settings()
    if format_ == "json":
        print_json({"settings": [one.to_value() for one in found]})
        return
    rows = [
        [one.key, one.text, one.source + ("" if one.holds else "  (overridden)")] for one in found
    ]
    print_table(rows, empty="Nothing is set.")


def _written(file: Path, format_: str) -> None:
    if format_ == "json":
        print_json({"file": str(file)})
    else:
        click.echo(f"written: {file}")


COMMANDS = (config,)
