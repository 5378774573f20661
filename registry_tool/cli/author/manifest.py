"""Commands that keep a project's manifest: fmt."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from registry_tool.cli.output import format_option, print_json
from registry_tool.report.text import inert


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; show what differs, exit code 1.")
@format_option()
def fmt(paths: tuple[Path, ...], check: bool, format_: str) -> None:
    """Lay out manifests alike: indentation, spaces and empty lines. Order, quotes and comments stay yours.

    It never changes what a manifest says. PATHS are manifests or projects; by default the one here.

    Example: puppy-cli fmt --check
    """
    from registry_tool.commands.author.fmt import fmt as run

    done = [run(path, check=check) for path in paths or (Path(),)]
    if format_ == "json":
        print_json({"manifests": [one.to_value() for one in done]})
    for one in done if format_ == "text" else ():
        word = "written" if one.written else "differs" if one.changed else "is in canonical layout"
        click.echo(inert(f"{one.path}: {word}"))
        if one.changed and check:
            click.echo(inert(_difference(one.before, one.after)))
    if check and any(one.changed for one in done):
        raise click.exceptions.Exit(1)


def _difference(before: str, after: str) -> str:
    sides = before.splitlines(), after.splitlines()
    return "\n".join(difflib.unified_diff(*sides, "as it is", "canonical", lineterm=""))


COMMANDS = (fmt,)
