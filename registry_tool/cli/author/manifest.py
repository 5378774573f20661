"""Commands that keep a project's manifest and what it requires: fmt, add, outdated, update."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import chosen_registry, project_option, registry_option
from registry_tool.cli.output import counted, format_option, print_json, print_table, print_warnings
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


@click.command()
@click.argument("reference", shell_complete=complete.references, metavar="NAME[@RANGE]")
@project_option
@registry_option
@format_option()
def add(reference: str, project: Path, registry: str, format_: str) -> None:
    """Require a workflow: write it into the manifest in place, if it is there and goes with the rest.

    Without a range, everything compatible with the latest version is meant. Comments and layout stay.

    Example: puppy-cli add sentiment-analysis@^1.2
    """
    from registry_tool.commands.author.add import add as run

    done = run(reference, project, chosen_registry(registry, project))
    if format_ == "json":
        print_json(done.to_value())
        return
    print_warnings(done.warnings)
    wanted = done.requirement
    change = f"now requires {wanted.name} {wanted.range}"
    if done.before == wanted.range:
        change = f"requires {wanted.name} {wanted.range} already"
    elif done.before:
        change += f", before {done.before}"
    click.echo(inert(f"{done.path} {change}; a run takes {done.version}."))
    if not done.before:
        click.echo(f"Call it with an edge: type: workflow, config: {{ name: {wanted.name} }}")


@click.command()
@project_option
@registry_option
@format_option()
def outdated(project: Path, registry: str, format_: str) -> None:
    """Which required workflows have newer versions: used now, wanted by the range, and the latest.

    Example: puppy-cli outdated
    """
    from registry_tool.commands.author.outdated import outdated as run

    found = run(project, chosen_registry(registry, project))
    if format_ == "json":
        print_json({"dependencies": [one.to_value() for one in found]})
        return
    old = [one for one in found if one.is_outdated]
    rows = [[o.name, o.range, o.used or "none", o.wanted or "none", o.latest, o.kind] for o in old]
    titles = [["name", "range", "used", "wanted", "latest", "kind"]]
    empty = f"{counted(len(found), 'required workflow')}, each at its latest version."
    print_table(
        [*titles, *rows] if rows else [], empty=empty if found else "It requires no workflows."
    )
    if rows:
        click.echo(
            "`puppy-cli update` takes what is wanted, `puppy-cli update --latest` the latest."
        )


@click.command()
@click.argument("names", shell_complete=complete.names, nargs=-1)
@click.option("--latest", "to_latest", is_flag=True, help="Raise ranges in the manifest, too.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would change.")
@project_option
@registry_option
@format_option()
def update(
    names: tuple[str, ...],
    to_latest: bool,
    dry_run: bool,
    project: Path,
    registry: str,
    format_: str,
) -> None:
    """Lock the newest versions that the ranges admit, of all required workflows or of the NAMES.

    Example: puppy-cli update --latest
    """
    from registry_tool.commands.author.update import update as run

    chosen = chosen_registry(registry, project)
    done = run(project, chosen, names, to_latest=to_latest, dry_run=dry_run)
    if format_ == "json":
        print_json(done.to_value())
        return
    print_warnings(done.warnings)
    print_table(
        [[s.name, s.what, s.before or "none", "->", s.after or "none"] for s in done.steps],
        empty="Nothing to update.",
    )


COMMANDS = (fmt, add, outdated, update)
