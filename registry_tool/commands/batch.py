"""`puppy-cli batch`: one workflow, many inputs; what is known already is not run again."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from registry_tool.commands.batch_items import ItemRunner, Job, keys_of, needed_files, run_chunk
from registry_tool.commands.program import Program
from registry_tool.commands.reference import open_reference
from registry_tool.commands.run_anything import served
from registry_tool.commands.run_workflow import environment_of, provider_name
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.values import Frozen, Object
from registry_tool.engine.batch.executors import (
    Executor,
    LocalExecutor,
    Shard,
    read_shard,
)
from registry_tool.engine.batch.items import BadLine, Item, Items
from registry_tool.engine.batch.ledger import Ledger
from registry_tool.engine.batch.results import Tally, check_writable, write_results
from registry_tool.engine.batch.roll import Roll
from registry_tool.engine.providers.base import Usage
from registry_tool.engine.providers.local import LocalProvider
from registry_tool.manifest.names import bad_name

LOCAL, DASK, SHARD = "local", "dask", "shard"
STDIN = "-"
_BREATH = 256  # lines that are looked up between two looks at what runs
_PER_PROCESS = 100
_CHUNKS = 4  # a worker's chunk holds this many times what it runs at once


@dataclass(frozen=True, slots=True)
class HowToBatch:
    """Where from, where to, and how.

    `executor` is `local`, `shard=2/8`, `dask` or `dask=<scheduler's address>`. An empty `ledger` is a folder
    beside the output. `processes` 0 means the usual number. With `collect`, nothing is run. `timeout` (seconds)
    bounds each item. `on_bad_line` is told of lines that are no items, `on_progress` of the counts now and then,
    with the bytes read.
    """

    inputs: Path
    output: Path
    ledger: Path | None = None
    environment: str = ""
    provider: str = ""
    executor: str = LOCAL
    concurrency: int = 16
    processes: int = 0
    timeout: float | None = None
    retry_failed: bool = False
    collect: bool = False
    warn: Callable[[str], None] = lambda _: None
    on_bad_line: Callable[[BadLine], None] = lambda _: None
    on_progress: Callable[[Counts, int], None] = lambda _counts, _bytes: None

    @property
    def ledger_folder(self) -> Path:
        """Where results are kept."""
        return self.ledger or self.output.with_name(f"{self.output.name}.ledger")


@dataclass(slots=True)
class Counts:
    """What this command did: items found in the ledger, run now (of these, failed), equal to another line."""

    found: int = 0
    ran: int = 0
    failed: int = 0
    equal: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class BatchReport:
    """How a batch went: `tally` of all its lines, `counts` of this time."""

    tally: Tally
    counts: Counts
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


def batch(reference: str, registry: str, how: HowToBatch) -> BatchReport:
    """Run what the ledger lacks, then write every line's result.

    `UsageError` for an executor that there is none of; `RegistryError` where a file can't be read or written.
    """
    shard = _shard(how.executor)
    program, overlay = _open(reference, registry, how)
    job = _job(program, overlay, how)
    check_writable(how.output)
    with ExitStack() as stack:
        stream = stack.enter_context(_opened(how.inputs))
        ledger = Ledger(how.ledger_folder)
        stack.callback(ledger.close)
        roll = Roll()
        stack.callback(roll.close)
        roll.load(ledger.places(), retry_failed=how.retry_failed)
        if ledger.damaged:
            how.warn(f"{how.ledger_folder}: {ledger.damaged} damaged or unfinished lines left out")
        items = Items(stream, program.workflow, keys_of(program, job))
        session = _Session(how, shard, items, roll, ledger)
        asyncio.run(session.run(program, job))
        tally = write_results(how.output, roll.entries(), ledger)
    return BatchReport(tally, session.counts, how.output, how.ledger_folder)


class _Session:
    """Lines in, records out, and the books in between."""

    def __init__(
        self, how: HowToBatch, shard: Shard, items: Items, roll: Roll, ledger: Ledger
    ) -> None:
        self._how, self._shard, self._items = how, shard, items
        self._roll, self._ledger = roll, ledger
        self._in_flight: set[str] = set()
        self.counts = Counts()

    async def run(self, program: Program, job: Job) -> None:
        """Everything that is wanted and not known."""
        if self._how.collect:
            for _ in self._wanted():
                pass
            return
        async with _executor(program, job, self._how) as executor:
            await executor.execute(self._wanted(), self._done)

    def _wanted(self) -> Iterator[Item | None]:
        since = 0
        for item in self._items:
            since += 1
            if not self._shard.holds(item.key):
                pass
            elif isinstance(item, BadLine):
                self._roll.enter(item.line, item.key, item.label, item.reason)
                self._how.on_bad_line(item)
            elif self._is_new(item):
                since = 0
                yield item
            if since >= _BREATH:
                since = 0
                self._how.on_progress(self.counts, self._items.position)
                yield None

    def _is_new(self, item: Item) -> bool:
        self._roll.enter(item.line, item.key, item.label)
        if item.key in self._in_flight:
            self.counts.equal += 1
        elif self._roll.has(item.key):
            self.counts.found += 1
        elif not self._how.collect:
            self._in_flight.add(item.key)
            return True
        return False

    def _done(self, item: Item, record: Object) -> None:
        self._roll.keep(self._ledger.append(item.key, record))
        self._in_flight.discard(item.key)
        self.counts.ran += 1
        self.counts.failed += record["status"] != "success"
        usage = record.get("usage")
        if isinstance(usage, dict):
            self.counts.usage += Usage(**usage)  # type: ignore[arg-type]
        self._how.on_progress(self.counts, self._items.position)


def _shard(executor: str) -> Shard:
    kind, _, rest = executor.partition("=")
    if kind == SHARD:
        return read_shard(rest)
    if kind != DASK and executor != LOCAL:
        raise UsageError(
            f"there is no executor {executor[:40]!r}",
            way_out="use local, shard=2/8, dask or dask=tcp://host:8786",
        )
    return Shard()


@asynccontextmanager
async def _executor(program: Program, job: Job, how: HowToBatch) -> AsyncIterator[Executor]:
    kind, _, address = how.executor.partition("=")
    if kind == DASK:
        from registry_tool.engine.batch.dask_executor import DaskExecutor

        yield DaskExecutor(address, run_chunk, job, how.concurrency * _CHUNKS)
    elif (processes := how.processes or usual_processes(how.concurrency, job.provider)) > 1:
        from registry_tool.commands.batch_worker import COMMAND
        from registry_tool.engine.batch.processes import ProcessExecutor

        yield ProcessExecutor(COMMAND, job, min(processes, how.concurrency), how.concurrency)
    else:
        async with ItemRunner(program, job) as run:
            yield LocalExecutor(run, how.concurrency)


def usual_processes(concurrency: int, provider: str = "") -> int:
    """One for every 100 items at once, as far as there are cores: about what a core serves of quick answers.

    The embedded model is in memory once, and takes every core by itself.
    """
    if provider == LocalProvider.name:
        return 1
    return max(1, min(os.cpu_count() or 1, -(-concurrency // _PER_PROCESS)))


def _open(reference: str, registry: str, how: HowToBatch) -> tuple[Program, Frozen | None]:
    """The program; where an environment serves it, as it is deployed there, with that configuration."""
    if how.environment and bad_name(reference) is None:
        target, deployment = served(reference, registry, how.environment)
        if deployment is not None:
            from registry_tool.commands.deploy import open_deployed

            return open_deployed(target, deployment).program, deployment.config
    opened = open_reference(reference, registry)
    for warning in opened.warnings:
        how.warn(warning)
    return opened.program, None


def _job(program: Program, overlay: Frozen | None, how: HowToBatch) -> Job:
    environment = environment_of(program.workflow, how.environment, overlay)
    return Job(
        folders=needed_files(program),
        place=program.place,
        environment=environment.name,
        overrides=environment.overrides,
        variables=environment.variables,
        provider=provider_name(program, how.provider, environment),
        timeout=how.timeout,
        concurrency=how.concurrency,
    )


def _opened(path: Path) -> BinaryIO:
    if str(path) == STDIN:
        return sys.stdin.buffer
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFoundError("there is no such file", place=str(path)) from None
    except OSError as error:
        raise RegistryError(f"can't be read: {error.strerror}", place=str(path)) from None
