"""Commands that run a workflow here, or say what a run would do: run, explain."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.dispatch import (
    FollowOptions,
    forge_for_run,
    only_here,
    run_by_job,
    via_option,
    wait_limit_option,
)
from registry_tool.cli.options import (
    duration,
    provider_option,
    read_inputs,
    registry_for,
    registry_option,
)
from registry_tool.cli.output import (
    format_option,
    print_facts,
    print_json,
    print_run,
    print_warning,
)
from registry_tool.cli.progress import WorkingEdges
from registry_tool.cli.steps import TerminalSteps
from registry_tool.cli.stream import Stream

if TYPE_CHECKING:
    from registry_tool.commands.run.run import ReadInputs, RunCommand
    from registry_tool.report.timeline import Timeline


def input_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--input NAME=VALUE` and `--inputs FILE`."""
    command = click.option(
        "--inputs",
        "inputs_file",
        type=click.Path(path_type=Path, allow_dash=True),
        default=None,
        help="A JSON file with all inputs; - reads it from standard input.",
    )(command)
    return click.option(
        "--input",
        "inputs",
        multiple=True,
        metavar="NAME=VALUE",
        help="One input. NAME=@FILE takes it from a file; a value that begins with @ is written @@.",
    )(command)


def _subject(_: click.Context, __: click.Parameter, value: str) -> str:
    if not value:
        return value
    from registry_tool.commands.requests.schema import SUBJECT

    if not SUBJECT.takes(value):
        raise click.BadParameter(f"{SUBJECT.meant} are meant")
    return value


subject_option = click.option(
    "--subject",
    default="",
    callback=_subject,
    help="Whose data the inputs are, as `registry-tool erase` will say it; only a pseudonym is kept.",
)
environment_option = click.option(
    "--env",
    "environment",
    shell_complete=complete.environments,
    default="",
    help="The environment whose configuration counts.",
)


@click.command()
@click.argument("reference", shell_complete=complete.references)
@input_options
@environment_option
@registry_option
@provider_option
@click.option(
    "--workspace", type=click.Path(path_type=Path), default=None, help="Where `save` writes."
)
@click.option("--timeout", callback=duration, default=None, help="Such as 90s: stop it then.")
@click.option(
    "--concurrency", type=click.IntRange(1, 1000), default=None, help="Edges that run at once."
)
@click.option(
    "--max-tokens", type=click.IntRange(1), default=None, help="A cap on the run's tokens."
)
@click.option(
    "--max-cost", type=click.FloatRange(0), default=None, help="A cap on the run's dollars."
)
@subject_option
@click.option(
    "--remote",
    default="",
    help="The remote that holds deployments and records. Default: the clone's remote.",
)
@click.option("--fresh", is_flag=True, help="Remember no result, and use none (`cache: true`).")
@click.option("--stream", is_flag=True, help="Show a model's words as they come.")
@click.option(
    "--trace", is_flag=True, help="Show when which edge ran, how long, and what it asked."
)
@click.option(
    "--step", is_flag=True, help="Show each edge before and after; Enter goes on, q ends."
)
@click.option("--log", is_flag=True, help="Write the JSON log to standard error.")
@click.option("--dry-run", is_flag=True, help="Only say what it would get and may cost.")
@via_option("local")
@click.option("--no-wait", is_flag=True, help="Only start the job on GitHub.")
@wait_limit_option
@click.option(
    "--otlp", default="", metavar="URL", help="Send traces to an OpenTelemetry collector."
)
@format_option()
def run(
    reference: str,
    inputs: tuple[str, ...],
    inputs_file: Path | None,
    environment: str,
    registry: str,
    provider: str | None,
    workspace: Path | None,
    timeout: float | None,
    concurrency: int | None,
    max_tokens: int | None,
    max_cost: float | None,
    subject: str,
    remote: str,
    fresh: bool,
    stream: bool,
    trace: bool,
    step: bool,
    log: bool,
    dry_run: bool,
    via: str,
    no_wait: bool,
    wait_limit: float,
    otlp: str,
    format_: str,
) -> None:
    """Run a workflow here. With --env and a bare name, the version that is deployed there.

    With --via github, a job of the registry's repository runs it.

    Example: puppy-cli run sentiment-analysis --input text="What a lovely day" --provider local
    """
    from registry_tool.commands.run.run import RunCommand, run_anything
    from registry_tool.commands.run.tracing import tracing
    from registry_tool.runtime.run_program import RunOptions

    read, location = (
        partial(read_inputs, pairs=inputs, file=inputs_file),
        registry_for(registry, reference),
    )
    if (forge := forge_for_run(via, location, environment, reference, remote)) is not None:
        from registry_tool.commands.run.request_job import run_request
        from registry_tool.core.clock import SystemClock

        only_here(workspace, timeout, concurrency, fresh, stream, trace, step, log, dry_run, otlp)
        request = run_request(
            forge, environment, reference, location, read, now=SystemClock().now()
        )
        request = replace(
            request,
            provider=provider or "",
            subject=subject,
            max_tokens=max_tokens,
            max_cost=max_cost,
        )
        run_by_job(forge, request, environment, FollowOptions(not no_wait, wait_limit, format_))
        return
    timeline, words = _timeline() if trace else None, Stream()
    working = WorkingEdges(shown=not (stream or step or log or dry_run))
    how = RunOptions(
        environment=environment,
        provider=provider or "",
        listeners=(timeline,) if timeline else (),
        workspace=workspace,
        timeout=timeout,
        concurrency=concurrency,
        on_text=words if stream else None,
        fresh=fresh,
        max_tokens=max_tokens,
        max_cost=max_cost,
        stepper=TerminalSteps() if step else None,
    )
    stderr = sys.stderr if log else None
    what = RunCommand(reference, location, how, stderr, print_warning, subject, remote)
    if dry_run:
        _say_what_it_would_do(what, read, format_)
        return
    try:
        with tracing(otlp, os.environ) as spans:
            asked = replace(
                what, how=replace(how, listeners=(*how.listeners, *working.listeners, *spans))
            )
            result = run_anything(asked, read)
    finally:
        words.end()
        working.end()
    print_run(result, format_, timeline)


def _timeline() -> Timeline:
    from registry_tool.report.timeline import Timeline

    return Timeline()


def _say_what_it_would_do(what: RunCommand, read: ReadInputs, format_: str) -> None:
    from registry_tool.commands.run.run import dry_run

    seen = dry_run(what, read)
    if format_ == "json":
        print_json(seen.to_value())
    else:
        print_facts(seen.facts())
    if seen.refused:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("reference", shell_complete=complete.references)
@input_options
@environment_option
@registry_option
@provider_option
@format_option()
def explain(
    reference: str,
    inputs: tuple[str, ...],
    inputs_file: Path | None,
    environment: str,
    registry: str,
    provider: str | None,
    format_: str,
) -> None:
    """Say what a run would do, without running it: steps, models, cost, and where which data goes.

    Example: puppy-cli explain sentiment-analysis --env production
    """
    from registry_tool.commands.run.explain import explain as make
    from registry_tool.report.explain import explanation_text

    found = make(
        reference,
        registry_for(registry, reference),
        partial(read_inputs, pairs=inputs, file=inputs_file),
        environment=environment,
        provider=provider or "",
    )
    if format_ == "json":
        print_json(found.to_value())
    else:
        click.echo(explanation_text(found))


COMMANDS = (run, explain)
