"""Commands of jobs that run by themselves or many at once: scheduled, batch-plan, batch-shard, batch-merge."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import Any

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.jobs.options import (
    actor_options,
    moment,
    outputs_option,
    requester,
    write_outputs,
)
from registry_tool.cli.options import clone_root, provider_option
from registry_tool.cli.options_state import one_environment, state_remote, target_of
from registry_tool.cli.output import print_json, print_warning
from registry_tool.core.same_file import demand_distinct
from registry_tool.report.text import inert

_file = click.Path(path_type=Path)
_folder = click.Path(path_type=Path, file_okay=False)


def _items(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    from registry_tool.commands.batch.items_file import job_items

    return None if value is None else job_items(value, os.environ)


@click.command()
@clone_root
@one_environment
@state_remote
@actor_options
@click.option("--now", callback=moment, default=None, help="Take this for the time; UTC.")
@click.option("--folder", type=_folder, default=None, help="Keep what each run leaves below it.")
def scheduled(
    root: Path,
    environment: str,
    remote: str,
    actor_id: int | None,
    actor_login: str,
    now: datetime | None,
    folder: Path | None,
) -> None:
    """Run what is due by the schedules of registry.yaml, exactly once: the `scheduled` job.

    Example: registry-tool scheduled --env production --remote origin
    """
    from registry_tool.commands.consume.unknown_names import demand_known
    from registry_tool.commands.run.heartbeat import beat
    from registry_tool.commands.run.scheduled import scheduled as run

    dealt, target = [], target_of(root, remote)
    demand_known(target, environment)
    for one in run(target, environment, requester(actor_id, actor_login), now, folder):
        dealt.append(one)
        click.echo(inert(one.sentence()), err=True)
    beat(target, environment)
    print_json({"schedules": [one.to_value() for one in dealt]})
    if not all(one.is_fine for one in dealt):
        raise click.exceptions.Exit(1)


@click.command("batch-plan")
@click.option(
    "--shards", type=click.IntRange(1, 256), required=True, help="How many parts at most."
)
@click.option(
    "--inputs",
    type=_file,
    callback=_items,
    default=None,
    help="Make no more parts than it has lines.",
)
@outputs_option
def batch_plan(shards: int, inputs: Path | None, outputs: Path | None) -> None:
    """Print the job matrix of a batch's parts; it is the output `matrix`, too, and `shards` their number.

    Example: registry-tool batch-plan --shards 8 --inputs items.jsonl
    """
    from registry_tool.commands.batch.jobs import matrix, shards_of

    demand_distinct(outputs, "--outputs", [inputs])
    parts = shards_of(shards, inputs)
    plan = matrix(parts)
    write_outputs(outputs, {"matrix": json.dumps(plan), "shards": len(parts)})
    click.echo(json.dumps(plan))


_BATCH = (
    click.option(
        "--workflow",
        shell_complete=complete.names,
        required=True,
        help="The name of what the environment serves.",
    ),
    click.option(
        "--batch-id",
        required=True,
        envvar="BATCH_ID",
        help="Names the batch; all parts say the same.",
    ),
    click.option(
        "--inputs",
        type=_file,
        callback=_items,
        required=True,
        help="JSON lines, the same for all parts; in a job a file of the repository.",
    ),
    click.option("--output", type=_file, required=True, help="JSON lines, in the same order."),
    provider_option,
)


def _batch_options(command: Callable[..., Any]) -> Callable[..., Any]:
    return reduce(lambda made, option: option(made), reversed(_BATCH), command)


@click.command("batch-shard")
@clone_root
@one_environment
@state_remote
@actor_options
@_batch_options
@click.option("--shard", required=True, envvar="SHARD", help="Which part, such as 2/8.")
@click.option(
    "--ledger", type=_folder, default=None, help="The part's ledger. Default: OUTPUT.ledger."
)
@click.option("--concurrency", type=click.IntRange(1, 10_000), default=16, show_default=True)
@click.option("--retry-failed", is_flag=True, help="Run items again that failed before.")
@click.option("--max-tokens", type=click.IntRange(1), default=None, help="For this part.")
@click.option(
    "--max-cost", type=click.FloatRange(0, min_open=True), default=None, help="In dollars."
)
def batch_shard(
    root: Path,
    environment: str,
    remote: str,
    actor_id: int | None,
    actor_login: str,
    workflow: str,
    batch_id: str,
    inputs: Path,
    output: Path,
    provider: str | None,
    shard: str,
    ledger: Path | None,
    concurrency: int,
    retry_failed: bool,
    max_tokens: int | None,
    max_cost: float | None,
) -> None:
    """Run one part of a batch of what an environment serves; each item counts as a run. Resumable by its ledger.

    Example: registry-tool batch-shard --env staging --workflow hello --batch-id b1 --shard 2/8 …
    """
    from registry_tool.commands.batch.jobs import BatchRequest, run_part
    from registry_tool.runtime.batch.session import BatchOptions

    request = BatchRequest(
        target_of(root, remote),
        environment,
        workflow,
        batch_id,
        requester(actor_id, actor_login),
        provider or "",
        max_tokens,
        max_cost,
    )
    how = BatchOptions(
        inputs,
        output,
        ledger,
        executor=f"shard={shard}",
        concurrency=concurrency,
        processes=1,
        retry_failed=retry_failed,
        warn=print_warning,
    )
    done = run_part(request, how)
    print_json(done.to_value())
    if not done.report.is_fine:
        raise click.exceptions.Exit(1)


@click.command("batch-merge")
@clone_root
@one_environment
@state_remote
@_batch_options
@click.option(
    "--shards", type=click.IntRange(1, 256), required=True, help="How many parts there are."
)
@click.option("--into", type=_folder, required=True, help="The ledger of all.")
@outputs_option
@click.argument("ledgers", nargs=-1, required=True, type=_file)
def batch_merge(
    root: Path,
    environment: str,
    remote: str,
    workflow: str,
    batch_id: str,
    inputs: Path,
    output: Path,
    provider: str | None,
    shards: int,
    into: Path,
    outputs: Path | None,
    ledgers: tuple[Path, ...],
) -> None:
    """Unite the parts' ledgers into the results of all lines; says what which part still lacks. Nothing runs.

    The output `complete` is true where no part lacks anything, though items may have failed.

    Example: registry-tool batch-merge --env staging --workflow hello --batch-id b1 --shards 8 … parts/*
    """
    from registry_tool.commands.batch.jobs import BatchRequest, merge_parts
    from registry_tool.commands.consume.unknown_names import demand_known
    from registry_tool.runtime.batch.session import BatchOptions

    target = target_of(root, remote)
    demand_known(target, environment)
    request = BatchRequest(target, environment, workflow, batch_id, provider=provider or "")
    how = BatchOptions(inputs, output, into, warn=print_warning)
    merged = merge_parts(request, how, ledgers, shards, print_warning)
    print_json(merged.to_value())
    write_outputs(outputs, {"complete": json.dumps(not merged.lacking)})
    for part, count in merged.lacking.items():
        print_warning(f"part {part} lacks {count}: run it again with its ledger, then merge again")
    if not merged.report.is_fine:
        raise click.exceptions.Exit(1)


COMMANDS = (scheduled, batch_plan, batch_shard, batch_merge)
