"""The command that looks at what the jobs install: vulnerabilities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.output import format_option, print_json
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.monitor.vulnerabilities import DependencyAudit

_DEFAULT = (".github/requirements.lock",)


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--service", default="", help="Another address of OSV's API than PyPI's own service.")
@format_option(("text", "json", "markdown"))
def vulnerabilities(files: tuple[Path, ...], service: str, format_: str) -> None:
    """Known vulnerabilities of what the jobs install, and its licences; by default of .github/requirements.lock.

    Exit code 1 where there are any. Where nobody could be asked, it says so: nothing was looked at then.

    Example: registry-tool vulnerabilities
    """
    from registry_tool.commands.monitor.vulnerabilities import vulnerabilities as run

    found = run(files or tuple(map(Path, _DEFAULT)), service)
    if format_ == "json":
        print_json({"files": [one.to_value() for one in found]})
    else:
        mark = "- " if format_ == "markdown" else ""
        for line in _lines(found):
            click.echo(inert(f"{mark}{line}"))
    if any(one.vulnerable for one in found):
        raise click.exceptions.Exit(1)


def _lines(found: Sequence[DependencyAudit]) -> Iterator[str]:
    for one in found:
        if one.not_run:
            yield f"{one.file}: NOT RUN, so nothing is known of its {one.packages} packages: {one.not_run}"
        else:
            yield f"{one.file}: {one.packages} packages, {len(one.vulnerable)} with known vulnerabilities"
        if one.skipped:
            names = ", ".join(one.skipped)
            yield f"NOT LOOKED AT, since nothing is known by these names: {names}"
        for package in one.vulnerable:
            for hole in package.vulns:
                fixed = ", ".join(hole.fix_versions) or "no version yet"
                yield f"{package.name} {package.version}: {hole.id}, fixed in {fixed}"
        counted = Counter(licence or "none stated" for licence in one.licences.values())
        counts = ", ".join(f"{licence} {count}" for licence, count in counted.most_common())
        if counts:
            yield f"licences: {counts}"


COMMANDS = (vulnerabilities,)
