"""`puppy-cli bisect`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import provider_option, registry_for, registry_option
from registry_tool.cli.output import counted, format_option, print_json
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.consume.bisect import Bisection

_CAUSES = {
    "dependency": "with its old dependencies it passes",
    "model": "nothing changed but the model",
    "version": "",
}


@click.command()
@click.argument("reference", shell_complete=complete.references)
@click.option(
    "--test", "test", required=True, shell_complete=complete.tests, help="The test that fails."
)
@click.option(
    "--good",
    default="",
    metavar="VERSION",
    help="Where it passed; by default the oldest that does.",
)
@click.option(
    "--runs", type=click.IntRange(1, 1000), default=None, help="Runs of the test on each version."
)
@provider_option
@registry_option
@format_option()
def bisect(
    reference: str,
    test: str,
    good: str,
    runs: int | None,
    provider: str | None,
    registry: str,
    format_: str,
) -> None:
    """Find the version, dependency or model that broke a test.

    The test is taken as the failing version has it, and run on versions before it: on the answers recorded with
    each, or with --provider on a model. A version that has no answer to what it asks is left out, and named.

    Example: puppy-cli bisect sentiment-analysis --test happy
    """
    from registry_tool.commands.consume.bisect import bisect as run
    from registry_tool.runtime.run_tests import SuiteOptions

    how = SuiteOptions(provider or "", runs=runs)
    found = run(reference, registry_for(registry, reference), test, how, good)
    if format_ == "json":
        print_json(found.to_value())
        return
    click.echo(inert(_text(found)))


def _text(found: Bisection) -> str:
    lines = [
        f"{p.version}: {p.outcome.value}{f' ({p.reason})' if p.reason else ''}"
        for p in found.probes
    ]
    why = _CAUSES[found.cause]
    lines += [
        "",
        f"{found.name}: the test {found.test} broke in {found.bad}{f'; {why}' if why else ''}.",
    ]
    if found.unsure:
        unsure = counted(len(found.unsure), "version")
        lines.append(f"  or in one of {unsure} that could not be judged: {', '.join(found.unsure)}")
    lines.append(f"What changed since {found.good}:")
    lines += [f"  {change.words}" for change in found.changes]
    lines += [f"  {name} was {old}, now {new}" for name, old, new in found.dependencies]
    return "\n".join(lines if found.changes or found.dependencies else [*lines, "  nothing"])


COMMANDS = (bisect,)
