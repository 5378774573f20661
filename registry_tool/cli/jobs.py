"""Commands of the jobs that execute and watch."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from registry_tool.cli.options import root_option

_env = click.option(
    "--env", "environment", required=True, envvar="ENVIRONMENT", help="The environment."
)
_state_remote = click.option(
    "--remote",
    default="",
    help="The remote whose branch holds the state. Default: this repository.",
)
_correlation = click.option(
    "--correlation-id",
    default="",
    envvar="CORRELATION_ID",
    help="Names the request; one that travels by its digest stands on a branch of this name.",
)


def _request(example: str) -> Callable[[Any], Any]:
    return click.option("--request", required=True, envvar="REQUEST", help=f"JSON: {example}")


@click.command()
@root_option
@_env
@_request('{"workflow": "sentiment-analysis", "inputs": {"text": "Hello"}}')
@_state_remote
@_correlation
@click.option("--execution-id", default="", envvar="EXECUTION_ID", help="Default: a random one.")
@click.option("--result", type=click.Path(path_type=Path), default=None, help="Write the result.")
@click.option("--log", type=click.Path(path_type=Path), default=None, help="Write the JSON log.")
@click.option("--metrics", type=click.Path(path_type=Path), default=None, help="Write OpenMetrics.")
def execute(
    root: Path,
    environment: str,
    request: str,
    remote: str,
    correlation_id: str,
    execution_id: str,
    result: Path | None,
    log: Path | None,
    metrics: Path | None,
) -> None:
    """Run what an environment serves: the `execute` job. The JSON log goes to standard output, too.

    Example: registry-tool execute --env staging --request '{"workflow": "keyword-extractor"}'
    """
    from registry_tool.commands.deploy import Target
    from registry_tool.commands.execute import Sinks, write_result
    from registry_tool.commands.execute import execute as run
    from registry_tool.commands.request import read_execute_request
    from registry_tool.commands.request_blob import blobs_of
    from registry_tool.commands.run_workflow import HowToRun

    wanted = read_execute_request(request, blobs_of(root, remote, correlation_id))
    done = run(
        Target(root, remote),
        wanted.workflow,
        wanted.inputs,
        HowToRun(environment, wanted.provider, execution_id=execution_id),
        sinks=Sinks(sys.stdout, log, metrics),
    )
    if result:
        write_result(result, done)
    if done.error:
        raise click.exceptions.Exit(1)


COMMANDS = (execute,)
