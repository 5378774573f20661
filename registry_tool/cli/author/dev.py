"""`puppy-cli dev`: findings and test results, at once or after every save, on the terminal or on a local page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.errors import wants_colour
from registry_tool.cli.json_line import json_line
from registry_tool.cli.options import chosen_registry, project_argument, registry_option
from registry_tool.cli.output import (
    format_option,
    print_findings,
    print_json,
    valid_sentence,
)
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.author.dev.session import DevResult, DevSession
    from registry_tool.commands.review.check import NotChecked


@click.command()
@project_argument
@registry_option
@click.option("--watch", is_flag=True, help="Look again after every save, until Ctrl-C.")
@click.option("--serve", is_flag=True, help="Watch, and show it on a local page that follows.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="The page's port. Default: a free one.",
)
@format_option()
def dev(path: Path, registry: str, watch: bool, serve: bool, port: int, format_: str) -> None:
    """Check a project and run its tests on recorded answers; with --watch, what a save changed, after every save.

    With --format json, one document, or one a line while it watches.

    Example: puppy-cli dev my-workflow --watch
    """
    from registry_tool.commands.author.candidate import manifest_of
    from registry_tool.commands.author.dev.session import DevSession

    manifest_of(path)
    session = DevSession(path, chosen_registry(registry, path))
    show = _Shown(path, format_, watching=watch or serve)
    if serve:
        _serve(session, port, show)
    elif watch:
        _watch(session, show)
    else:
        found = session.look()
        show(found)
        if found is None or not found.fine:
            raise click.exceptions.Exit(1)


def _watch(session: DevSession, show: _Shown) -> None:
    from registry_tool.commands.author.dev.watch import saves

    show(session.look())
    for _ in saves(session.folder):
        show(session.look())


def _serve(session: DevSession, port: int, show: _Shown) -> None:
    from registry_tool.commands.author.dev.page.serving import serve

    serve(session, port, show, lambda address: click.echo(f"The page: {address}", err=True))


class _Shown:
    """Prints each look; what could not be checked is said once, and again where it is something else."""

    def __init__(self, project: Path, format_: str, *, watching: bool) -> None:
        self._project, self._format, self._watching = project, format_, watching
        self._not_checked: tuple[NotChecked, ...] = ()

    def __call__(self, found: DevResult | None) -> None:
        if found is None:
            return
        if self._format == "json" and self._watching:
            click.echo(json_line(found.to_value()))
        elif self._format == "json":
            print_json(found.to_value())
        else:
            self._text(found)

    def _text(self, found: DevResult) -> None:
        from registry_tool.commands.author.dev.session import record_command
        from registry_tool.report.tests.text import text_of_tests

        before, self._not_checked = self._not_checked, found.check.not_checked
        news = () if before == found.check.not_checked else found.check.not_checked
        fine = valid_sentence(found.check) if found.check.looked else ""
        print_findings(found.check.findings, {}, "text", Path(), fine, news)
        if found.why:
            click.echo(inert(found.why))
        if (report := found.report) is not None:
            click.echo(
                text_of_tests(report.reference, report.cases, colour=wants_colour(sys.stdout))
            )
            if report.cases and len(found.anew) < len(report.cases):
                click.echo(f"{len(found.anew)} of them run again; the others can't have changed.")
        if found.unrecorded:
            click.echo(
                f"Answers are not recorded: {record_command(self._project, found.unrecorded)}"
            )
        if self._watching:
            click.echo(f"({found.seconds:.2f} s; watching, Ctrl-C ends it)")


COMMANDS = (dev,)
