"""Commands that read and write other tools' workflows: import."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.output import (
    format_option,
    print_json,
)

if TYPE_CHECKING:
    pass


@click.command("import")
@click.argument("kind", type=click.Choice(["puppyflow"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--out", type=click.Path(path_type=Path), default=None, help="The project.")
@format_option()
def import_(kind: str, file: Path, out: Path | None, format_: str) -> None:
    """Turn an editor's export into a project; tells what could not be carried over.

    Example: puppy-cli import puppyflow export.json -o my-workflow
    """
    from registry_tool.commands.author.import_workflow import import_puppyflow

    result = import_puppyflow(file, out)
    if format_ == "json":
        print_json(result.to_value())
        return
    click.echo(f"{result.project}: {result.blocks} blocks, {result.edges} edges.")
    for kept in result.kept:
        click.echo(f"  what stood there is now {kept}")
    for item in result.not_carried:
        click.echo(f"  not carried over: {item}")
    click.echo(f"Next: {result.next_steps}")


COMMANDS = (import_,)
