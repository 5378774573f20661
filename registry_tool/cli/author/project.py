"""Commands on a project: validate, build, verify."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.errors import wants_colour
from registry_tool.cli.options import (
    chosen_registry,
    project_argument,
    registry_for,
    registry_option,
)
from registry_tool.cli.output import (
    FINDING_FORMATS,
    format_option,
    print_json,
    print_result,
    print_warning,
)
from registry_tool.report.text import inert


@click.command()
@project_argument
@registry_option
@format_option(FINDING_FORMATS)
def validate(path: Path, registry: str, format_: str) -> None:
    """Check a project (or a published version's folder) against every rule.

    Example: puppy-cli validate my-workflow
    """
    from registry_tool.commands.author.validate import validate as run

    result = run(path, chosen_registry(registry, path))
    print_result(result, format_, Path())
    if result.refused:
        raise click.exceptions.Exit(1)


@click.command()
@project_argument
@registry_option
@click.option("-o", "--out", type=click.Path(path_type=Path), default=Path("dist"))
@format_option()
def build(path: Path, registry: str, out: Path, format_: str) -> None:
    """Build NAME-VERSION.wfpkg from a project: the same bytes every time.

    A warning says where its dependencies can't be had, or no registry is known to ask.

    Example: puppy-cli build my-workflow
    """
    from registry_tool.commands.author.build import build_package, dependency_warning

    made = build_package(path, out)
    if warning := dependency_warning(path, chosen_registry(registry, path)):
        print_warning(warning)
    if format_ == "json":
        print_json({"path": str(made.path), "size": made.size, "digest": made.digest})
    else:
        click.echo(f"{made.path}  {made.size} bytes  {made.digest}")


_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("reference", shell_complete=complete.references)
@registry_option
@click.option("--provenance", is_flag=True, help="Also who built it from which commit.")
@click.option("--attestation", type=_FILE, help="Its attestation. Default: what its registry has.")
@click.option("--repository", metavar="OWNER/REPO", default="", help="Where it must be built.")
@click.option("--ref", metavar="BRANCH", default="", help="The branch that it must be built from.")
@click.option("--trusted-root", type=_FILE, help="Sigstore's keys. Default: the public ones.")
@format_option()
def verify(
    reference: str,
    registry: str,
    provenance: bool,
    attestation: Path | None,
    repository: str,
    ref: str,
    trusted_root: Path | None,
    format_: str,
) -> None:
    """Check that a package or version is what it says: form, digest, compiled workflow, recorded tests.

    With --provenance also who built it from which commit, by its attestation: where there is none, or it is about
    something else, the check fails. Nobody is asked for that: Sigstore's keys come with the library.

    Example: puppy-cli verify sentiment-analysis-1.2.0.wfpkg
    """
    from registry_tool.commands.author.verify import verify as run
    from registry_tool.report.tests.text import text_of_tests

    chosen = registry_for(registry, reference)
    result, built = run(reference, chosen), None
    if provenance or attestation or repository or ref:
        from registry_tool.commands.author.provenance import ProvenanceQuery, provenance_of

        query = ProvenanceQuery(attestation, repository, trusted_root, ref)
        built = provenance_of(result.opened, chosen, query)
    if format_ == "json":
        print_json({**result.to_value(), "provenance": built.to_value() if built else None})
    else:
        program = result.opened.program
        click.echo(
            text_of_tests(
                program.workflow.reference, result.report.cases, colour=wants_colour(sys.stdout)
            )
        )
        click.echo(f"{program.workflow.reference}  {program.digest}")
        if result.signature:
            click.echo(inert(f"{'owner':<10} {result.signature}"))
        if result.root:
            click.echo(f"signed    by the registry with the root {result.root}")
        if built:
            for name, value in built.to_value().items():
                click.echo(inert(f"{name:<10} {value}"))
    if not result.report.passed:
        raise click.exceptions.Exit(1)


COMMANDS = (validate, build, verify)
