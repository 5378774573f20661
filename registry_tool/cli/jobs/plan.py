"""Commands that tell a job file where and how often to run: place, environments, due, needs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from registry_tool.cli.jobs.options import (
    correlation_option,
    moment,
    outputs_option,
    request_option,
    write_outputs,
)
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import one_environment, state_remote, target_of
from registry_tool.cli.output import print_json
from registry_tool.report.text import inert


@click.command()
@clone_root
@one_environment
@request_option('{"workflow": "keyword-extractor"}')
@correlation_option
@state_remote
@click.option(
    "--execution-id",
    required=True,
    envvar="EXECUTION_ID",
    help="The id that the run will have; it decides the version.",
)
@outputs_option
def place(
    root: Path,
    environment: str,
    request: str,
    correlation_id: str,
    remote: str,
    execution_id: str,
    outputs: Path | None,
) -> None:
    """Say which runner a run needs and for how long, before its job begins. Needs no secret, writes nothing.

    Example: registry-tool place --env staging --execution-id exec-1 --request '{"workflow": "keyword-extractor"}'
    """
    from registry_tool.commands.requests.blob import blobs_of
    from registry_tool.commands.requests.request import read_execute_request
    from registry_tool.commands.run.runner import assign_runner as run

    wanted = read_execute_request(request, blobs_of(root, remote, correlation_id, keep=True))
    found = run(target_of(root, remote), wanted.workflow, environment, execution_id).to_value()
    write_outputs(outputs, found)
    print_json(found)


@click.command()
@clone_root
@outputs_option
def environments(root: Path, outputs: Path | None) -> None:
    """The registry's environments as one JSON list, the lowest first; it is the output `environments`, too.

    Example: registry-tool environments
    """

    names = json.dumps(list(target_of(root, "").settings().environments))
    write_outputs(outputs, {"environments": names})
    click.echo(names)


@click.command()
@clone_root
@state_remote
@click.option(
    "--part",
    type=click.Choice(["often", "daily"]),
    default="often",
    show_default=True,
    envvar="PART",
    help="Rollouts and schedules, or drift and pruning.",
)
@click.option("--now", callback=moment, default=None, help="Take this for the time; UTC.")
@outputs_option
def due(root: Path, remote: str, part: str, now: datetime | None, outputs: Path | None) -> None:
    """Say which environments have work that the clock started. Needs no secret, writes nothing.

    The output `environments` is a JSON list, the matrix of the jobs that do the work.

    Example: registry-tool due --part often --remote origin
    """
    from registry_tool.commands.run.due import Cadence, due_work

    found = due_work(target_of(root, remote), Cadence(part), now)
    for work in found:
        click.echo(inert(f"{work.environment}: {'; '.join(work.reasons)}"), err=True)
    if not found:
        click.echo("Nothing is due.", err=True)
    write_outputs(outputs, {"environments": json.dumps([work.environment for work in found])})
    print_json({"due": [work.to_value() for work in found]})


@click.command()
@clone_root
@one_environment
@outputs_option
def needs(root: Path, environment: str, outputs: Path | None) -> None:
    """Say what a job of an environment has to install: the output `local` is true for the embedded model.

    Example: registry-tool needs --env staging
    """
    from registry_tool.commands.jobs.needs import needs as run

    found = run(target_of(root, ""), environment)
    write_outputs(outputs, found)
    print_json(found)


COMMANDS = (place, environments, due, needs)
