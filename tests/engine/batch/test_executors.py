"""Executors run every item once, no more at once than they may, and take no more than they can run."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.engine.batch.batch_index import BatchIndex
from registry_tool.engine.batch.executors import LocalExecutor, Shard, read_shard
from registry_tool.engine.batch.items import Item
from registry_tool.engine.batch.ledger import Ledger
from registry_tool.engine.batch.results import write_results


def key(number: int) -> str:
    return f"{number * 2654435761 % 2**64:016x}{number:048x}"


def items(count: int) -> Iterator[Item | None]:
    for number in range(1, count + 1):
        if number % 3 == 0:
            yield None
        yield Item(number, key(number), {"n": number})


def test_local_takes_an_item_only_when_there_is_room() -> None:
    taken: list[int] = []
    active: set[int] = set()
    most = 0
    gate = asyncio.Event()

    def wanted() -> Iterator[Item]:
        for number in range(1, 51):
            taken.append(number)
            yield Item(number, key(number), {})

    async def run(item: Item) -> Object:
        nonlocal most
        active.add(item.line)
        most = max(most, len(active))
        await gate.wait()
        await asyncio.sleep(0)
        active.discard(item.line)
        return {"status": "success"}

    finished: list[int] = []

    async def main() -> None:
        executor = LocalExecutor(run, 7)
        task = asyncio.create_task(
            executor.execute(wanted(), lambda item, _: finished.append(item.line))
        )
        for _ in range(5):
            await asyncio.sleep(0)
        assert taken == list(range(1, 8))
        gate.set()
        await task

    asyncio.run(main())
    assert most == 7
    assert sorted(finished) == list(range(1, 51))


def test_local_ends_what_it_started_when_it_is_stopped_or_the_ledger_fails() -> None:
    ended: list[int] = []

    async def run(item: Item) -> Object:
        try:
            await asyncio.sleep(0 if item.line == 1 else 3600)
        except asyncio.CancelledError:
            ended.append(item.line)
            raise
        return {"status": "success"}

    def full(_: Item, __: Object) -> None:
        raise RegistryError("no room")

    with pytest.raises(RegistryError, match="no room"):
        asyncio.run(LocalExecutor(run, 3).execute(items(9), full))
    assert sorted(ended) == [2, 3]


def test_shards_share_everything_once_whatever_the_order() -> None:
    keys = [key(number) for number in range(1, 2001)]
    shards = [Shard(index, 8) for index in range(1, 9)]
    counts = [sum(shard.holds(name) for name in keys) for shard in shards]
    assert sum(counts) == len(keys)
    assert all(sum(shard.holds(name) for shard in shards) == 1 for name in keys)
    assert min(counts) > 150
    assert read_shard("2/8") == Shard(2, 8)


@pytest.mark.parametrize("text", ["", "0/8", "9/8", "1", "a/b", "1/0", "-1/2", "1/2/3", "٢/٨"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a shard"):
        read_shard(text)


def test_memory_does_not_grow_with_the_items(tmp_path: Path) -> None:
    """A batch of two thousand items and one of twenty thousand need the same."""

    async def run(_: Item) -> Object:
        return {"status": "success", "outputs": {"text": "x" * 200}}

    def peak(count: int) -> int:
        gc.collect()
        tracemalloc.start()
        ledger, roll = Ledger(tmp_path / str(count)), BatchIndex()

        def wanted() -> Iterator[Item]:
            for item in items(count):
                if item is not None:
                    roll.enter(item.line, item.key, "")
                    if not roll.has(item.key):
                        yield item

        def done(item: Item, record: Object) -> None:
            roll.keep(ledger.append(item.key, record))

        asyncio.run(LocalExecutor(run, 8).execute(wanted(), done))
        tally = write_results(tmp_path / f"{count}.jsonl", roll.entries(), ledger)
        assert tally.succeeded == count
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        ledger.close()
        roll.close()
        return most

    peak(100)  # whatever is made once
    assert peak(20_000) < peak(2_000) + 300_000


def test_items_that_wait_for_nothing_let_a_cancellation_through() -> None:
    """Ctrl-C ended such a batch only with its last item."""
    ran: list[int] = []

    async def at_once(item: Item) -> Object:
        return {"status": "success"}

    async def go() -> None:
        executor = LocalExecutor(at_once, 2)
        work = asyncio.create_task(
            executor.execute(items(10_000), lambda item, _: ran.append(item.line))
        )
        while not ran:
            await asyncio.sleep(0)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(go())
    assert len(ran) < 100
