"""`registry-tool`: what maintainers and Action jobs run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry_tool import __version__
from registry_tool.cli import errors
from registry_tool.cli.output import FINDING_FORMATS, format_option, print_findings

_root = click.option(
    "--root", type=click.Path(path_type=Path), default=Path(), help="The registry's folder."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Keep a workflow registry honest: check it, index it, build its site, deploy and run from it.

    Example: registry-tool check --root .
    """


@cli.command()
@_root
@click.option("--fix", is_flag=True, help="First write missing or stale compiled workflows.")
@format_option(FINDING_FORMATS)
def check(root: Path, fix: bool, format_: str) -> None:
    """Check every version of the registry.

    Example: registry-tool check --format github
    """
    from registry_tool.commands.check import check as run

    result = run(root, fix=fix)
    print_findings(
        result.findings,
        result.to_value(),
        format_,
        root,
        f"{result.versions} versions checked, nothing found.",
    )
    if result.refused:
        raise click.exceptions.Exit(1)


@cli.command()
@_root
@click.option(
    "--check", "check_only", is_flag=True, help="Write nothing; fail where something is stale."
)
def index(root: Path, check_only: bool) -> None:
    """Regenerate the index documents.

    Example: registry-tool index --check
    """
    from registry_tool.commands.index import index as run

    result = run(root, check_only=check_only)
    for path in result.stale:
        click.echo(f"{'stale' if check_only else 'written'}: {path}")
    click.echo(f"{result.current} documents were current.")
    if check_only and result.stale:
        raise click.exceptions.Exit(1)


@cli.command()
@_root
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where to write.")
@click.option("--commit", default="", help="The commit to name in index.json.")
def build(root: Path, out: Path, commit: str) -> None:
    """Build the static API and the packages.

    Example: registry-tool build --out build/site
    """
    from registry_tool.commands.build import build as run

    result = run(root, out, commit=commit)
    click.echo(
        f"{result.written} files written, {result.kept} kept, {result.removed} removed in {out}."
    )


def main() -> None:
    """The console script."""
    sys.exit(errors.run(lambda: cli(standalone_mode=False)))
