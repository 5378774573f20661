"""One go at a batch: lines in, records out, and the books in between."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from registry_tool.core.values import Object
from registry_tool.engine.batch.batch_index import BatchIndex
from registry_tool.engine.batch.executors import Executor, LocalExecutor, Shard
from registry_tool.engine.batch.items import BadLine, Item, Items
from registry_tool.engine.batch.ledger import Ledger
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.local import LocalProvider
from registry_tool.runtime.batch.items import BatchContext, ItemRunner, run_chunk
from registry_tool.sources.program import Program

LOCAL, DASK, SHARD = "local", "dask", "shard"
_BREATH = 256  # lines that are looked up between two looks at what runs
_PER_PROCESS = 100
_CHUNKS = 4  # a worker's chunk holds this many times what it runs at once


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """Where from, where to, and how.

    `executor` is `local`, `shard=2/8`, `dask` or `dask=<scheduler's address>`. An empty `ledger` is a folder
    beside the output. `processes` 0 means the usual number. With `collect`, nothing is run. `timeout` (seconds)
    bounds each item. Once `max_tokens` or `max_cost` (dollars) are spent, no further item is begun. `on_bad_line`
    is called with lines that are not items, `on_progress` of the counts now and then, with the bytes read.
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
    max_tokens: int | None = None
    max_cost: float | None = None
    retry_failed: bool = False
    collect: bool = False
    warn: Callable[[str], None] = lambda _: None
    on_bad_line: Callable[[BadLine], None] = lambda _: None
    on_progress: Callable[[BatchCounts, int], None] = lambda _counts, _bytes: None

    @property
    def ledger_folder(self) -> Path:
        """Where results are kept."""
        return self.ledger or self.output.with_name(f"{self.output.name}.ledger")


@dataclass(slots=True)
class BatchCounts:
    """What this command did: items found in the ledger, run now (of these, failed), equal to another line.

    Also lines that are not items (`refused`), and items that are another shard's or that a cap leaves (`left`).
    """

    found: int = 0
    ran: int = 0
    failed: int = 0
    equal: int = 0
    refused: int = 0
    left: int = 0
    usage: Usage = field(default_factory=Usage)

    @property
    def done(self) -> int:
        """Lines whose result is known, or is that of an equal one."""
        return self.found + self.ran + self.equal + self.refused


class Session:
    """Lines in, records out, and the books in between."""

    def __init__(
        self, how: BatchOptions, shard: Shard, items: Items, index: BatchIndex, ledger: Ledger
    ) -> None:
        self._how, self._shard, self._items = how, shard, items
        self._index, self._ledger = index, ledger
        self._in_flight: set[str] = set()
        self._warned = False
        self.counts = BatchCounts()

    async def run(self, program: Program, job: BatchContext) -> None:
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
                self.counts.left += 1
            elif isinstance(item, BadLine):
                self.counts.refused += 1
                self._index.enter(item.line, item.key, item.label, item.reason)
                self._how.on_bad_line(item)
            elif self._is_new(item):
                since = 0
                yield item
            if since >= _BREATH:
                since = 0
                self._how.on_progress(self.counts, self._items.position)
                yield None

    def _is_new(self, item: Item) -> bool:
        self._index.enter(item.line, item.key, item.label)
        if item.key in self._in_flight:
            self.counts.equal += 1
        elif self._index.has(item.key):
            self.counts.found += 1
        elif not self._how.collect and not self._is_spent():
            self._in_flight.add(item.key)
            return True
        else:
            self.counts.left += 1
        return False

    def _is_spent(self) -> bool:
        """Whether a cap is reached; reported once."""
        usage, how = self.counts.usage, self._how
        reason = ""
        if how.max_tokens is not None and usage.tokens >= how.max_tokens:
            reason = f"{usage.tokens} tokens are spent, the cap is {how.max_tokens}"
        elif how.max_cost is not None and usage.cost_usd is None:
            reason = "no price is known for the model, so a cap on dollars can't be kept"
        elif how.max_cost is not None and (usage.cost_usd or 0) >= how.max_cost > 0:
            reason = f"${usage.cost_usd:.6f} are spent, the cap is ${how.max_cost:g}"
        if reason and not self._warned:
            self._warned = True
            how.warn(f"{reason}: the other items are left; a higher cap goes on with them")
        return bool(reason)

    def _done(self, item: Item, record: Object) -> None:
        self._index.keep(self._ledger.append(item.key, record))
        self._in_flight.discard(item.key)
        self.counts.ran += 1
        self.counts.failed += record["status"] != "success"
        usage = record.get("usage")
        if isinstance(usage, dict):
            self.counts.usage += Usage(**usage)  # type: ignore[arg-type]
        self._how.on_progress(self.counts, self._items.position)


@asynccontextmanager
async def _executor(
    program: Program, job: BatchContext, how: BatchOptions
) -> AsyncIterator[Executor]:
    kind, _, address = how.executor.partition("=")
    if kind == DASK:
        from registry_tool.engine.batch.dask_executor import DaskExecutor

        yield DaskExecutor(address, run_chunk, job, how.concurrency * _CHUNKS)
    elif (processes := how.processes or usual_processes(how.concurrency, job.provider)) > 1:
        from registry_tool.engine.batch.processes import ProcessExecutor
        from registry_tool.runtime.batch.worker import COMMAND

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
