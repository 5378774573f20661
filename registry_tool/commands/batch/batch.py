"""`puppy-cli batch`: one workflow, many inputs; what is known already is not run again."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from registry_tool.commands.consume.unknown_names import demand_environment_of
from registry_tool.commands.run.run import served
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.same_file import demand_distinct, leads_into
from registry_tool.core.values import Frozen, Object
from registry_tool.engine.batch.batch_index import BatchIndex
from registry_tool.engine.batch.executors import Shard, read_shard
from registry_tool.engine.batch.items import Items
from registry_tool.engine.batch.ledger import Ledger
from registry_tool.engine.batch.results import Tally, check_writable, write_results
from registry_tool.manifest.names import bad_name
from registry_tool.runtime.batch.items import BatchContext, keys_of, needed_files
from registry_tool.runtime.batch.session import (
    DASK,
    LOCAL,
    SHARD,
    BatchCounts,
    BatchOptions,
    Session,
)
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.run_program import (
    provider_name,
)
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.lock_file import locked_here
from registry_tool.sources.program import Program
from registry_tool.sources.reference import open_reference, own_files

STDIN = "-"


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How a batch went: `tally` of all its lines, `counts` of this time."""

    tally: Tally
    counts: BatchCounts
    output: Path
    ledger: Path

    @property
    def is_fine(self) -> bool:
        """Whether every line has its outputs."""
        return not (self.tally.failed or self.tally.refused or self.tally.missing)

    def to_value(self) -> Object:
        """As JSON."""
        tally, counts = self.tally, self.counts
        return {
            "succeeded": tally.succeeded,
            "failed": tally.failed,
            "refused": tally.refused,
            "missing": tally.missing,
            "ran": counts.ran,
            "found": counts.found,
            "equal": counts.equal,
            "usage": {**counts.usage.to_value()},
            "output": str(self.output),
            "ledger": str(self.ledger),
        }


def batch(reference: str, registry: AnyRegistry, how: BatchOptions) -> BatchReport:
    """Run what the ledger lacks, then write every line's result.

    `UsageError` for an executor that there is none of; `RegistryError` where a file can't be read or written.
    """
    shard_of(how.executor)
    demand_places(how, own_files(reference))
    program, overlay = _open(reference, registry, how)
    return batch_program(program, overlay, how)


def demand_places(how: BatchOptions, read: Sequence[Path] = ()) -> None:
    """`UsageError` where results would overwrite the lines, another file that is read, or the ledger."""
    lines = None if str(how.inputs) == STDIN else how.inputs
    demand_distinct(how.output, "--output", [lines, *read])
    if leads_into(how.output, how.ledger_folder):
        raise UsageError(
            "the results would be written into the ledger; nothing was written",
            location=str(how.output),
            hint="name a file outside of it with --output, or another --ledger",
        )


@contextmanager
def files_of(how: BatchOptions) -> Iterator[tuple[BinaryIO, Ledger, BatchIndex]]:
    """The items' file, the ledger, and which items the ledger has; all are closed in the end."""
    with ExitStack() as stack:
        stream = stack.enter_context(opened(how.inputs))
        ledger = Ledger(how.ledger_folder)
        stack.callback(ledger.close)
        index = BatchIndex()
        stack.callback(index.close)
        index.load(ledger.locations(), retry_failed=how.retry_failed)
        yield stream, ledger, index


def batch_program(program: Program, overlay: Frozen | None, how: BatchOptions) -> BatchReport:
    """Run a batch of a program, with a deployment's configuration on top of its own."""
    shard = shard_of(how.executor)
    demand_places(how)
    job = job_of(program, overlay, how)
    check_writable(how.output)
    with files_of(how) as (stream, ledger, index):
        if ledger.damaged:
            how.warn(f"{how.ledger_folder}: {ledger.damaged} damaged or unfinished lines left out")
        items = Items(stream, program.workflow, keys_of(program, job))
        session = Session(how, shard, items, index, ledger)
        asyncio.run(session.run(program, job))
        tally = write_results(how.output, index.entries(), ledger)
    return BatchReport(tally, session.counts, how.output, how.ledger_folder)


def shard_of(executor: str) -> Shard:
    """The part of the lines that an executor takes; `UsageError` for an executor that there is none of."""
    kind, _, rest = executor.partition("=")
    if kind == SHARD:
        return read_shard(rest)
    if kind != DASK and executor != LOCAL:
        raise UsageError(
            f"there is no executor {executor[:40]!r}",
            hint="use local, shard=2/8, dask or dask=tcp://host:8786",
        )
    return Shard()


def _open(
    reference: str, registry: AnyRegistry, how: BatchOptions
) -> tuple[Program, Frozen | None]:
    """The program; where an environment serves it, as it is deployed there, with that configuration."""
    if how.environment and bad_name(reference) is None:
        found = served(reference, registry, how.environment)
        if found is not None:
            target, deployment = found
            from registry_tool.commands.run.limits import limits_of
            from registry_tool.state.target import open_deployed

            program = open_deployed(target, deployment).program
            own = target.settings().environments.get(how.environment)
            limits = limits_of(program.workflow, how.environment, own.limits if own else {})
            return program, {**deployment.config, "limits": limits}
    opened = open_reference(reference, registry, locked_here())
    demand_environment_of(opened.program.workflow, registry, how.environment)
    for warning in opened.warnings:
        how.warn(warning)
    return opened.program, None


def job_of(program: Program, overlay: Frozen | None, how: BatchOptions) -> BatchContext:
    """What the items of a batch have in common."""
    environment = environment_of(program.workflow, how.environment, overlay)
    return BatchContext(
        folders=needed_files(program),
        location=program.location,
        environment=environment.name,
        overrides=environment.overrides,
        variables=environment.variables,
        limits=environment.limits,
        operator_address=environment.operator_address,
        overlay=environment.overlay,
        overlay_variables=environment.overlay_variables,
        provider=provider_name(program, how.provider, environment),
        timeout=how.timeout,
        concurrency=how.concurrency,
    )


def opened(path: Path) -> BinaryIO:
    """The lines of a batch; standard input for `-`."""
    if str(path) == STDIN:
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFoundError("there is no such file", location=str(path)) from None
    except OSError as error:
        raise RegistryError(f"can't be read: {error.strerror}", location=str(path)) from None
