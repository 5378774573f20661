"""The command that asks a model how new versions do beside those before them: evaluate."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.jobs.options import append_summary, summary_option
from registry_tool.cli.options import clone_root
from registry_tool.cli.output import format_option, print_json
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.report.evaluation import EvaluatedVersion

_F = TypeVar("_F", bound=Callable[..., object])
_MONEY = re.compile(r"\$([0-9]{1,6}(?:\.[0-9]{1,6})?)")
_TOKENS = re.compile(r"([0-9]{1,12})(?: ?tokens)?")


def _budget(_: click.Context, __: click.Parameter, value: str) -> tuple[int | None, float | None]:
    """Tokens or dollars."""
    if found := _TOKENS.fullmatch(value.strip()):
        return int(found[1]), None
    if found := _MONEY.fullmatch(value.strip()):
        return None, float(found[1])
    raise click.BadParameter(
        "write a number of tokens, such as 50000, or of dollars, such as $0.50"
    )


_ASKING = (
    click.option(
        "--provider",
        type=click.Choice(["local", "openai"]),
        default=None,
        help="Who answers: the embedded model, or an OpenAI-compatible server.",
    ),
    click.option(
        "--runs", type=click.IntRange(1, 100), default=1, show_default=True, help="Of each test."
    ),
    click.option(
        "--budget",
        callback=_budget,
        default="100000",
        show_default=True,
        metavar="TOKENS|$USD",
        help="What all of it may take: tokens, or dollars with a $ in front.",
    ),
)


def asking_options(command: _F) -> _F:
    """`--provider`, `--runs` and `--budget`: who answers both versions, how often, and for how much."""
    for option in reversed(_ASKING):
        command = option(command)
    return command


@click.command()
@clone_root
@click.option("--base", required=True, help="The branch or commit that would be merged into.")
@click.option("--head", default="HEAD", show_default=True, help="The branch or commit to merge.")
@click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    envvar="ENVIRONMENT",
    help="The environment whose provider and settings count. Default: none, the manifests' own.",
)
@asking_options
@click.option(
    "--asked-by",
    envvar="ASKED_BY",
    type=click.IntRange(0),
    default=0,
    help="The forge's id of who asks: a maintainer, where the registry names some. Default: the local user.",
)
@summary_option
@format_option()
def evaluate(
    root: Path,
    base: str,
    head: str,
    environment: str,
    provider: str | None,
    runs: int,
    budget: tuple[int | None, float | None],
    asked_by: int,
    summary: Path | None,
    format_: str,
) -> None:
    """Ask a model how each new version does beside the version before it, in pairs on the new version's tests.

    better and worse are said where an exact test makes chance unlikely, else inconclusive. Whatever it finds, the
    exit code is 0: it informs a reviewer and blocks nothing.

    Example: registry-tool evaluate --base origin/main --provider local --runs 3 --budget 50000
    """
    from registry_tool.commands.review.evaluate import EvaluateOptions
    from registry_tool.commands.review.evaluate import evaluate as run
    from registry_tool.core.clock import SystemClock
    from registry_tool.report.evaluation import evaluation_summary

    how = EvaluateOptions(environment, provider or "", runs, *budget, asked_by)
    found = run(root, base, head, how, SystemClock().now())
    if format_ == "json":
        print_json({"versions": [one.to_value() for one in found]})
    else:
        _print(found)
    append_summary(summary, evaluation_summary(found))


def _print(found: Sequence[EvaluatedVersion]) -> None:
    from registry_tool.report.evaluation import evaluation_lines

    for one in found:
        first, *rest = evaluation_lines(one)
        click.echo(inert(first))
        for line in rest:
            click.echo(f"  {inert(line)}")
    if not found:
        click.echo("No new version.")


COMMANDS = (evaluate,)
