"""Commands of the job that runs what an environment serves: admit, execute, record."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from registry_tool.cli.jobs.options import (
    actor_options,
    append_summary,
    correlation_option,
    execution_id_option,
    outputs_option,
    request_option,
    requester,
    summary_option,
    write_outputs,
)
from registry_tool.cli.monitor import gateway_option, push_after, rollout_after
from registry_tool.cli.options import clone_root
from registry_tool.cli.options_state import one_environment, state_remote, target_of
from registry_tool.cli.output import print_json

_EXAMPLE = '{"workflow": "sentiment-analysis", "inputs": {"text": "Hello"}}'
_file = click.Path(path_type=Path)


def _admission_option(*, required: bool) -> Callable[[Any], Any]:
    return click.option("--admission", type=_file, required=required, help="The admission's file.")


@click.command()
@clone_root
@one_environment
@request_option(_EXAMPLE)
@correlation_option
@state_remote
@execution_id_option
@actor_options
@click.option("--dry-run", is_flag=True, help="Only say what it would get; nothing is counted.")
@click.option("--admission", type=_file, default=None, help="Write the admission here.")
@outputs_option
def admit(
    root: Path,
    environment: str,
    request: str,
    correlation_id: str,
    remote: str,
    execution_id: str,
    actor_id: int | None,
    actor_login: str,
    dry_run: bool,
    admission: Path | None,
    outputs: Path | None,
) -> None:
    """Let a run begin, if person, plan and inputs allow it: the first step of the `execute` job.

    Example: registry-tool admit --env staging --request '{"workflow": "keyword-extractor"}' --dry-run
    """
    from registry_tool.commands.requests.blob import blobs_of
    from registry_tool.commands.requests.request import read_execute_request
    from registry_tool.commands.run.admission import write_admission
    from registry_tool.commands.run.admit import admit as run
    from registry_tool.commands.run.dry_run import preview
    from registry_tool.commands.run.summary import outputs_of
    from registry_tool.state.runs.records import ring_of

    target = target_of(root, remote)
    blobs = blobs_of(root, remote, correlation_id, keep=dry_run)
    wanted = read_execute_request(request, blobs)
    person = requester(actor_id, actor_login)
    if dry_run:
        seen = preview(target, environment, wanted, person, execution_id=execution_id)
        print_json(seen.to_value())
        if seen.refused:
            raise click.exceptions.Exit(1)
        return
    ring = ring_of(target, environment)
    made = run(target, environment, wanted, person, execution_id=execution_id, ring=ring)
    if admission:
        write_admission(admission, made, ring)
    write_outputs(outputs, outputs_of(made))
    print_json(made.summary())


@click.command()
@clone_root
@one_environment
@request_option(f"{_EXAMPLE}; not with --admission, which holds it", required=False)
@correlation_option
@state_remote
@execution_id_option
@actor_options
@_admission_option(required=False)
@click.option("--outcome", type=_file, default=None, help="Write how it ended, for `record`.")
@click.option(
    "--result", type=_file, default=None, help="Write the result, unless it must be encrypted."
)
@click.option(
    "--payload",
    type=_file,
    default=None,
    help="Write inputs and outputs, where they must be encrypted.",
)
@click.option("--log", type=_file, default=None, help="Write the JSON log.")
@click.option("--metrics", type=_file, default=None, help="Write OpenMetrics.")
@click.option(
    "--otlp", default="", metavar="URL", help="Send traces to an OpenTelemetry collector."
)
@gateway_option
@summary_option
@outputs_option
def execute(
    root: Path,
    environment: str,
    request: str,
    correlation_id: str,
    remote: str,
    execution_id: str,
    actor_id: int | None,
    actor_login: str,
    admission: Path | None,
    outcome: Path | None,
    result: Path | None,
    payload: Path | None,
    log: Path | None,
    metrics: Path | None,
    otlp: str,
    push_gateway: str,
    summary: Path | None,
    outputs: Path | None,
) -> None:
    """Run what an environment serves: the `execute` job. The JSON log goes to standard output, too.

    With --admission it runs what was admitted and needs no right to push; without, it admits and records itself.

    Example: registry-tool execute --env staging --request '{"workflow": "keyword-extractor"}'
    """
    from registry_tool.commands.requests.blob import blobs_of
    from registry_tool.commands.requests.request import read_execute_request
    from registry_tool.commands.run.admission import read_admission
    from registry_tool.commands.run.admitted_run import AdmittedRun, Sinks
    from registry_tool.commands.run.execute import execute_request, execute_step
    from registry_tool.commands.run.summary import outputs_of, summary_of
    from registry_tool.commands.run.tracing import tracing
    from registry_tool.runtime.run_program import RunOptions
    from registry_tool.state.runs.records import ring_of

    target = target_of(root, remote)
    if not admission:  # a wrong request is reported before a missing key
        if not request:
            raise click.UsageError("Give --request (REQUEST), or --admission.")
        wanted = read_execute_request(request, blobs_of(root, remote, correlation_id))
    ring = ring_of(target, environment)
    sinks = Sinks(sys.stdout, log, metrics, result, payload)
    with tracing(otlp, os.environ) as spans:
        how = RunOptions(listeners=spans)
        if admission:
            admitted = read_admission(admission, ring)
            ended = execute_step(AdmittedRun(target, admitted, ring, how, sinks), outcome)
        else:
            admitted, ended = execute_request(
                target,
                environment,
                wanted,
                requester(actor_id, actor_login),
                execution_id=execution_id,
                how=how,
                sinks=sinks,
                ring=ring,
            )
    push_after(target, environment, push_gateway)
    if admission is None:  # with one, `record` does it
        rollout_after(target, environment, admitted.workflow)
    write_outputs(outputs, {"status": ended.status, **outputs_of(admitted)})
    append_summary(summary, summary_of(admitted, ended))
    if ended.status != "success":
        raise click.exceptions.Exit(1)


@click.command()
@clone_root
@one_environment
@state_remote
@_admission_option(required=True)
@click.option("--outcome", type=_file, required=True, help="What `execute` left; absent: lost.")
@gateway_option
def record(
    root: Path, environment: str, remote: str, admission: Path, outcome: Path, push_gateway: str
) -> None:
    """Write down how an admitted run ended: the last step of the `execute` job. Twice does no harm.

    Example: registry-tool record --env staging --admission admission.json --outcome outcome.json
    """
    from registry_tool.commands.consume.unknown_names import demand_recorded
    from registry_tool.commands.run.admission import read_admission
    from registry_tool.commands.run.outcome import read_outcome
    from registry_tool.commands.run.outcome import record as run
    from registry_tool.state.runs.records import ring_of

    target = target_of(root, remote)
    demand_recorded(target, environment)
    ring = ring_of(target, environment)
    admitted = read_admission(admission, ring)
    ended = read_outcome(outcome, admitted, ring)
    written = run(target, admitted, ended, ring)
    push_after(target, environment, push_gateway)
    rollout_after(target, environment, admitted.workflow)
    status = ended.status if ended else "lost"
    print_json(
        {
            "execution_id": admitted.execution_id,
            "status": status,
            "recorded": written is not None,
        }
    )


COMMANDS = (admit, execute, record)
"""`scheduled` and the batch's jobs have modules of their own."""
