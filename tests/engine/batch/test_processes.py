"""Items in worker processes: shared by all of them, and a worker that dies ends the batch."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.batch.items import Item
from registry_tool.engine.batch.processes import ProcessExecutor


def key(number: int) -> str:
    return f"{number * 2654435761 % 2**64:016x}{number:048x}"


def items(count: int) -> Iterator[Item | None]:
    for number in range(1, count + 1):
        if number % 3 == 0:
            yield None
        yield Item(number, key(number), {"n": number})


WORKER = """
import asyncio, os
from registry_tool.engine.batch.worker import read_job, serve
job, share = read_job(lambda size: os.read(0, size))
async def run(item):
    if item.inputs["n"] == job.get("dies"):
        os._exit(9)
    return {"status": "success", "outputs": {"n": item.inputs["n"], "by": os.getpid(), "share": share}}
def write(data):
    while data:
        data = data[os.write(1, data):]
asyncio.run(serve(run, share, lambda: asyncio.to_thread(os.read, 0, 65536), write))
"""


def in_processes(job: object, count: int) -> dict[int, Object]:
    import sys

    records: dict[int, Object] = {}
    executor = ProcessExecutor((sys.executable, "-P", "-c", WORKER), job, 2, 5)
    asyncio.run(
        executor.execute(items(count), lambda item, record: records.update({item.line: record}))
    )
    return records


def test_processes_share_the_items_and_the_concurrency() -> None:
    records = in_processes({}, 300)
    outputs = [record["outputs"] for record in records.values()]
    assert sorted(output["n"] for output in outputs) == list(range(1, 301))  # type: ignore[index,call-overload]
    assert {output["share"] for output in outputs} == {2, 3}  # type: ignore[index,call-overload]
    assert len({output["by"] for output in outputs}) == 2  # type: ignore[index,call-overload]


def test_a_worker_that_dies_ends_the_batch_with_a_reason() -> None:
    with pytest.raises(RegistryError, match="a worker process ended early"):
        in_processes({"dies": 20}, 300)
