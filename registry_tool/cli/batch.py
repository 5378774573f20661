"""Commands that run a workflow over many inputs: batch, batch-merge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry_tool.cli.completion import complete
from registry_tool.cli.options import (
    duration,
    provider_option,
    registry_for,
    registry_option,
)
from registry_tool.cli.output import counted, format_option, print_json, print_warning
from registry_tool.cli.progress import Progress
from registry_tool.cli.run import environment_option
from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.commands.batch.batch import BatchReport
    from registry_tool.engine.batch.items import BadLine

_SHOWN = 20


@click.command()
@click.argument("reference", shell_complete=complete.references)
@click.option(
    "--inputs",
    type=click.Path(path_type=Path),
    required=True,
    help="JSON lines, each with one run's inputs; - is standard input.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="JSON lines, in the same order.",
)
@environment_option
@registry_option
@provider_option
@click.option(
    "--executor",
    default="local",
    show_default=True,
    help="Who runs them: local, shard=I/N (part I of N, here), dask, or dask=ADDRESS of a scheduler.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 10_000),
    default=16,
    show_default=True,
    help="Items that run at once (with dask: on each thread of a worker).",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=None,
    help="Worker processes. Default: one for every 100 items at once, as far as there are cores.",
)
@click.option(
    "--ledger",
    type=click.Path(path_type=Path, file_okay=False),
    default=None,
    help="The folder of known results. Default: OUTPUT.ledger.",
)
@click.option("--retry-failed", is_flag=True, help="Run items again that failed before.")
@click.option("--collect", is_flag=True, help="Run nothing: write what the ledger holds.")
@click.option("--timeout", callback=duration, default=None, help="Such as 90s: an item's longest.")
@click.option(
    "--max-tokens", type=click.IntRange(1), default=None, help="Begin no item once they are spent."
)
@click.option(
    "--max-cost",
    type=click.FloatRange(0, min_open=True),
    default=None,
    help="Begin no item once so many dollars are spent.",
)
@format_option()
def batch(
    reference: str,
    inputs: Path,
    output: Path,
    environment: str,
    registry: str,
    provider: str | None,
    executor: str,
    concurrency: int,
    processes: int | None,
    ledger: Path | None,
    retry_failed: bool,
    collect: bool,
    timeout: float | None,
    max_tokens: int | None,
    max_cost: float | None,
    format_: str,
) -> None:
    """Run a workflow over many inputs. Interrupted, the same command goes on where it was.

    Results stand in a ledger as soon as they are there; what it holds is not run, and not paid, again.

    Example: puppy-cli batch sentiment-analysis --inputs items.jsonl --output results.jsonl
    """
    from registry_tool.commands.batch.batch import batch as run
    from registry_tool.runtime.batch.items import calm_collector
    from registry_tool.runtime.batch.session import BatchOptions

    calm_collector()
    bad = _BadLines(inputs)
    with Progress(inputs) as progress:
        how = BatchOptions(
            inputs=inputs,
            output=output,
            ledger=ledger,
            environment=environment,
            provider=provider or "",
            executor=executor,
            concurrency=concurrency,
            processes=processes or 0,
            timeout=timeout,
            max_tokens=max_tokens,
            max_cost=max_cost,
            retry_failed=retry_failed,
            collect=collect,
            warn=print_warning,
            on_bad_line=bad,
            on_progress=progress,
        )
        try:
            report = run(reference, registry_for(registry, reference), how)
        except KeyboardInterrupt:
            click.echo(f"what was done is in {how.ledger_folder}; run it again to go on", err=True)
            raise
    bad.close()
    _print(report, format_)
    if not report.is_fine:
        raise click.exceptions.Exit(1)


class _BadLines:
    """Tells of the first lines that are not items, and how many more there are."""

    def __init__(self, inputs: Path) -> None:
        self._inputs = inputs
        self._count = 0

    def __call__(self, line: BadLine) -> None:
        self._count += 1
        if self._count <= _SHOWN:
            click.echo(f"{self._inputs}:{line.line}: {inert(line.reason)}", err=True)

    def close(self) -> None:
        """Say how many were not shown."""
        if self._count > _SHOWN:
            click.echo(f"… and {counted(self._count - _SHOWN, 'more bad line')}", err=True)


def _print(report: BatchReport, format_: str) -> None:
    if format_ == "json":
        print_json(report.to_value())
        return
    tally, counts = report.tally, report.counts
    parts = {
        "succeeded": tally.succeeded,
        "failed": tally.failed,
        "refused": tally.refused,
        "missing": tally.missing,
    }
    summary = ", ".join(f"{number} {word}" for word, number in parts.items() if number)
    click.echo(f"{report.output}: {summary or 'no items'}")
    usage = counts.usage
    click.echo(
        f"{counts.ran} run now, {counts.found} known before, {usage.calls} model calls, "
        f"{usage.input_tokens} + {usage.output_tokens} tokens",
        err=True,
    )


@click.command("batch-merge")
@click.argument("ledgers", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The ledger of all.",
)
@format_option()
def batch_merge(ledgers: tuple[Path, ...], into: Path, format_: str) -> None:
    """Unite the ledgers of a batch's shards.

    Example: puppy-cli batch-merge shards/1.ledger shards/2.ledger --into all.ledger
    """
    from registry_tool.engine.batch.merge import merge

    segments = merge(ledgers, into)
    if format_ == "json":
        print_json({"ledger": str(into), "segments": segments})
    else:
        click.echo(f"{into}: {counted(segments, 'segment')}")


COMMANDS = (batch, batch_merge)
