"""Items on the workers of a Dask cluster (extra `dask`), some at a time.

Workers get the job once, and items in chunks; each runs its chunk with the local executor and sends the records
back. Only this process writes the ledger. A chunk whose worker dies goes to another one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import islice
from typing import Any, Generic, TypeVar

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.batch.executors import Done, RetrievalQuery
from registry_tool.engine.batch.items import Item

Job = TypeVar("Job")
_AHEAD = 2  # chunks for each worker's thread: one at work, one waiting
_WAIT = "30s"
# Ctrl-C reaches the whole group of processes; this one ends its cluster, so the workers need not hear it.
_DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"


class DaskExecutor(Generic[Job]):
    """`work(job, items)` runs on workers: both must pickle, and it must be importable there.

    Without an `address`, a cluster of this machine's cores is started and stopped. `chunk` items travel together.
    """

    def __init__(
        self,
        address: str,
        work: Callable[[Job, list[Item]], list[Object]],
        job: Job,
        chunk: int,
    ) -> None:
        self._address, self._work, self._job, self._chunk = address, work, job, chunk

    async def execute(self, items: RetrievalQuery, done: Done) -> None:
        """Every item once."""
        distributed = _distributed()
        async with AsyncExitStack() as stack:
            try:
                where = self._address or await stack.enter_async_context(own_cluster(distributed))
                client = await stack.enter_async_context(
                    distributed.Client(
                        where, asynchronous=True, timeout=_WAIT, set_as_default=False
                    )
                )
                threads = await self._threads(client)
            except (OSError, ValueError) as error:
                raise self._unreachable(error) from None
            await self._feed(client, items, done, threads * _AHEAD)

    async def _threads(self, client: Any) -> int:
        """Threads of all workers; waits for the first one."""
        await client.wait_for_workers(1, timeout=_WAIT)
        counts: dict[str, int] = await client.nthreads()
        return sum(counts.values())

    async def _feed(self, client: Any, items: RetrievalQuery, done: Done, ahead: int) -> None:
        job = client.submit(_same, self._job, pure=False)  # made anew where its worker dies
        sent: dict[asyncio.Task[list[Object]], list[Item]] = {}
        more = True
        try:
            while more or sent:
                while more and len(sent) < ahead:
                    chunk = list(islice((item for item in items if item is not None), self._chunk))
                    more = len(chunk) == self._chunk
                    if chunk:
                        future = client.submit(self._work, job, chunk, pure=False)
                        sent[asyncio.ensure_future(_result(future))] = chunk
                if not sent:
                    return
                ready, _ = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
                for task in ready:
                    for item, record in zip(sent.pop(task), task.result(), strict=True):
                        done(item, record)
        finally:
            for task in sent:
                task.cancel()

    def _unreachable(self, error: Exception) -> RegistryError:
        return RegistryError(
            f"no worker of a Dask cluster can be reached: {error}",
            location=self._address,
            hint="start a scheduler and workers, or use --executor dask for a cluster of this machine",
        )


def _same(job: Job) -> Job:
    return job


async def _result(future: Any) -> list[Object]:
    """A chunk's records; `RegistryError` where its workers died or could not run it at all."""
    import pickle

    from distributed import CancelledError, KilledWorker

    try:
        records: list[Object] = await future
    except (KilledWorker, CancelledError, ImportError, pickle.UnpicklingError) as error:
        raise RegistryError(
            f"a worker could not run its items: {error}",
            hint="workers need the same version of this tool; what was done is in the ledger",
        ) from None
    return records


def own_cluster(distributed: Any) -> Any:
    """Workers in processes of this machine, one a core, that only this machine can reach; to be awaited."""
    return distributed.LocalCluster(
        threads_per_worker=1,
        asynchronous=True,
        # Without them, pages of the scheduler and the workers are served to every host, at fixed ports.
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        worker_dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        preload=_DEAF,
        silence_logs=logging.CRITICAL,
    )


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise MissingToolError(
            "Dask is not installed",
            hint="pip install 'puppyai-workflow-registry[dask]'",
        ) from None
    return distributed
