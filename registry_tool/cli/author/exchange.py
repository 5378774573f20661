"""Commands about formats: import, export, and docs of edges."""

from __future__ import annotations

from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import chosen_registry, registry_for, registry_option
from registry_tool.cli.output import (
    counted,
    format_option,
    print_json,
)
from registry_tool.report.text import inert


@click.command("import")
@click.argument("words", nargs=-1, required=True, metavar="[FORMAT] FILE")
@click.option("-o", "--out", type=click.Path(path_type=Path), default=None, help="The project.")
@format_option()
def import_(words: tuple[str, ...], out: Path | None, format_: str) -> None:
    """Turn an editor's export into a project; tells what of it runs, and what could not be carried over.

    Formats are `dify`, `n8n` and `puppyflow`; without one the file itself says which.

    Example: puppy-cli import export.yml -o my-workflow
    """
    from registry_tool.commands.author.import_workflow import import_workflow

    if len(words) > 2:
        raise click.UsageError(f"one file is imported at a time, not {len(words) - 1}")
    kind, file = words if len(words) == 2 else ("", words[0])
    result = import_workflow(Path(file), out, chosen_registry("", out or Path()), kind)
    if format_ == "json":
        print_json(result.to_value())
        return
    click.echo(f"{result.project}: {result.blocks} blocks, {result.edges} edges.")
    for kept in result.kept:
        click.echo(f"  what stood there is now {kept}")
    for node in result.nodes_to_report:
        click.echo(f"  {node}")
    for item in result.not_carried:
        click.echo(f"  not carried over: {item}")
    click.echo(f"Next: {result.next_steps}")


@click.command()
@click.argument("kind", type=click.Choice(["puppyflow", "python"]))
@click.argument("reference", shell_complete=complete.references)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    default=None,
    help="Default: ./NAME.json or .py.",
)
@registry_option
@format_option()
def export(kind: str, reference: str, out: Path | None, registry: str, format_: str) -> None:
    """Write a workflow as a file that an editor opens, or as a Python script that stands alone.

    Tells what the editor has no place for. Where the editor or a script can't do what an edge does, nothing is
    written.

    Example: puppy-cli export python ticket-router --out router.py
    """
    if kind == "python":
        _script(reference, out, registry, format_)
        return
    from registry_tool.commands.author.export_workflow import export_puppyflow

    result = export_puppyflow(reference, registry_for(registry, reference), out)
    if format_ == "json":
        print_json(result.to_value())
        return
    click.echo(
        inert(f"{result.file}: {counted(result.blocks, 'block')}, {counted(result.edges, 'edge')}.")
    )
    if result.kept:
        click.echo(inert(f"  what stood there is now {result.kept}"))
    for item in result.not_carried:
        click.echo(inert(f"  not carried over: {item}"))


def _script(reference: str, out: Path | None, registry: str, format_: str) -> None:
    from registry_tool.commands.author.export_python import export_python

    result = export_python(reference, registry_for(registry, reference), out)
    if format_ == "json":
        print_json(result.to_value())
        return
    needs = f" (requires {', '.join(result.requirements)})" if result.requirements else ""
    click.echo(inert(f"{result.file}{needs}."))
    if result.kept:
        click.echo(inert(f"  what stood there is now {result.kept}"))
    click.echo(inert(f"Next: uv run {result.file} --help"))


@click.command()
@click.argument("edge", shell_complete=complete.edges, default="")
@format_option()
def docs(edge: str, format_: str) -> None:
    """What an edge type does: its fields with types, defaults and meaning, and an example. Without one, all types.

    Example: puppy-cli docs llm
    """
    from registry_tool.manifest.schemas import EDGE_TYPES
    from registry_tool.report.edge_docs import edge_docs, edge_text, types_text

    if format_ == "json":
        found = edge_docs(edge).to_value() if edge else None
        print_json(found or {"edges": [edge_docs(one).to_value() for one in EDGE_TYPES]})
    else:
        click.echo(edge_text(edge_docs(edge)) if edge else types_text())


COMMANDS = (import_, export, docs)
