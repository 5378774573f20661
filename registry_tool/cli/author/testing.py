"""`puppy-cli test`: a workflow's own tests."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.errors import wants_colour
from registry_tool.cli.options import provider_option, registry_for, registry_option
from registry_tool.cli.output import format_option, print_json, print_warnings

if TYPE_CHECKING:
    from registry_tool.commands.author.suite import SuiteResult


@click.command()
@click.argument("reference", shell_complete=complete.references, default=".")
@registry_option
@provider_option
@click.option(
    "-k",
    "--name",
    "names",
    shell_complete=complete.tests,
    multiple=True,
    metavar="NAME",
    help="Only tests of this name, of which it is a part, or that fit a pattern with * and ?. Repeatable.",
)
@click.option("--last-failed", "--lf", is_flag=True, help="Only tests that failed last time.")
@click.option("--models", default="", metavar="A,B", help="Ask each model again; compare them.")
@click.option(
    "--record", is_flag=True, help="Ask a model for what isn't recorded yet, and keep it."
)
@click.option("--refresh", is_flag=True, help="Ask a model for everything again.")
@click.option(
    "--canaries",
    is_flag=True,
    help="Plant instructions in whatever comes from outside, and show what they reach and who follows them.",
)
@click.option("--runs", type=click.IntRange(1, 1000), default=None, help="Runs of each case.")
@click.option("--junit", type=click.Path(path_type=Path), default=None, help="Write a JUnit file.")
@click.option("--html", type=click.Path(path_type=Path), default=None, help="Write an HTML page.")
@format_option()
def test(
    reference: str,
    registry: str,
    provider: str | None,
    names: tuple[str, ...],
    last_failed: bool,
    models: str,
    record: bool,
    refresh: bool,
    canaries: bool,
    runs: int | None,
    junit: Path | None,
    html: Path | None,
    format_: str,
) -> None:
    """Run a workflow's own tests, on recorded answers by default. Without any, it fails.

    Example: puppy-cli test sentiment-analysis:1.2.0 -k happy
    """
    from registry_tool.commands.author.suite import SuiteChoice, models_named, run_suite
    from registry_tool.core.same_file import demand_distinct
    from registry_tool.runtime.run_tests import SuiteOptions
    from registry_tool.sources.reference import own_files

    if canaries:
        if names or last_failed or models or record or refresh or runs or junit or html:
            raise click.UsageError("--canaries goes with --registry, --provider and --format alone")
        _planted(reference, registry, provider or "", format_)
        return
    demand_distinct(junit, "--junit", own_files(reference))
    demand_distinct(html, "--html", (*own_files(reference), *([junit] if junit else [])))
    how = SuiteOptions(provider or "", record, refresh, runs)
    choice = SuiteChoice(names, last_failed, models_named(models) if models else ())
    result = run_suite(reference, registry_for(registry, reference), how, choice)
    print_warnings(result.warnings)
    _write(result, junit, html)
    if format_ == "json":
        print_json(result.to_value())
    else:
        click.echo(_text(result))
    if not result.passed:
        raise click.exceptions.Exit(1)


def _planted(reference: str, registry: str, provider: str, format_: str) -> None:
    from registry_tool.commands.author.canaries import plant_canaries
    from registry_tool.report.canaries import canary_lines
    from registry_tool.report.text import inert

    found = plant_canaries(reference, registry_for(registry, reference), provider)
    print_warnings(found.warnings)
    if format_ == "json":
        print_json(found.to_value())
        return
    first, *rest = map(inert, canary_lines(found.report))
    click.echo("\n".join((f"{found.reference}", first, *(f"  {line}" for line in rest))))


def _text(result: SuiteResult) -> str:
    from registry_tool.report.tests.comparison import text_of_comparison
    from registry_tool.report.tests.text import text_of_tests

    report = result.reports[0]
    if result.note:
        click.echo(result.note, err=True)
    if report.model:
        return text_of_comparison(result.reports)
    return text_of_tests(
        report.reference,
        report.cases,
        report.stale,
        report.left_out,
        colour=wants_colour(sys.stdout),
    )


def _write(result: SuiteResult, junit: Path | None, html: Path | None) -> None:
    from registry_tool.core.clock import SystemClock
    from registry_tool.core.files import write_atomic

    if junit:
        from registry_tool.report.tests.junit import junit_xml

        write_atomic(junit, junit_xml(result.reports))
    if html:
        from registry_tool.report.tests.html import html_of_tests

        write_atomic(html, html_of_tests(result.reports, SystemClock().now()))


COMMANDS = (test,)
