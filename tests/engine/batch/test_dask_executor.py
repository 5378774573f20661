"""Items on a real scheduler and two worker processes on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.values import Object
from registry_tool.engine.batch.dask_executor import DaskExecutor, own_cluster
from registry_tool.engine.batch.items import Item
from tests.bounded import PATIENCE

pytestmark = pytest.mark.e2e

WORK = '''
import os, time

def label(job, items):
    """Answers; the first worker that sees the item `job` names dies with it."""
    records = []
    for item in items:
        if item.inputs["n"] == job.get("dies") and not os.path.exists(job["mark"]):
            open(job["mark"], "w").close()
            os._exit(9)
        if item.inputs["n"] == job.get("always"):
            os._exit(9)
        time.sleep(0.001)
        records.append({"status": "success", "outputs": {"n": item.inputs["n"], "by": os.getpid()}})
    return records
'''


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A scheduler's address; two workers with a thread each."""
    (tmp_path / "batch_work.py").write_text(WORK)
    monkeypatch.syspath_prepend(str(tmp_path))
    location = tmp_path / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", str(location))
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(program: str, *words: str) -> None:
        with (tmp_path / f"{len(started)}.log").open("wb") as log:
            command = [sys.executable, "-m", f"distributed.cli.{program}", *here, *words]
            started.append(
                subprocess.Popen(
                    command,
                    cwd=tmp_path,
                    env=environment,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # killed as one, with the nanny's workers
                )
            )

    try:
        start("dask_scheduler", "--port", "0")
        # A nanny starts a worker anew that has died.
        start("dask_worker", "--nthreads", "1", "--nworkers", "2", "--nanny")
        yield address_in(location)
    finally:
        for process in reversed(started):
            process.terminate()  # who is killed leaves its semaphores to the machine
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def address_in(location: Path) -> str:
    """The address that a scheduler has written to its file; it makes the file before it fills it."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return str(json.loads(location.read_text())["address"])
        time.sleep(0.05)
    raise TimeoutError(f"no scheduler wrote its address to {location} within 60 s")


def execute(address: str, job: Object, count: int) -> dict[int, Object]:
    import asyncio

    from batch_work import label  # type: ignore[import-not-found]

    records: dict[int, Object] = {}
    wanted = (Item(n, f"{n:064x}", {"n": n}) if n % 7 else None for n in range(1, count + 1))
    executor = DaskExecutor(address, label, job, 5)
    asyncio.run(executor.execute(wanted, lambda item, record: records.update({item.line: record})))
    return records


def test_workers_of_a_cluster_share_the_items_and_one_may_die(cluster: str, tmp_path: Path) -> None:
    wanted = {n for n in range(1, 201) if n % 7}
    records = execute(cluster, {}, 200)
    outputs = {number: record["outputs"] for number, record in records.items()}
    assert {number: o["n"] for number, o in outputs.items()} == {n: n for n in wanted}  # type: ignore[index,call-overload]
    assert len({o["by"] for o in outputs.values()}) == 2  # type: ignore[index,call-overload]

    assert set(execute(cluster, {"dies": 100, "mark": str(tmp_path / "died")}, 200)) == wanted
    assert (tmp_path / "died").exists()

    with pytest.raises(RegistryError, match="a worker could not run its items"):
        execute(cluster, {"always": 100}, 200)


def test_a_cluster_of_its_own_listens_on_loopback_only_and_beside_another() -> None:
    import asyncio

    import distributed
    import psutil

    async def listening() -> set[str]:
        async with own_cluster(distributed), own_cluster(distributed):
            here = psutil.Process()
            return {
                connection.laddr.ip
                for process in (here, *here.children(recursive=True))
                for connection in process.net_connections("tcp")
                if connection.status == psutil.CONN_LISTEN
            }

    with warnings.catch_warnings():
        warnings.simplefilter("error")  # such as: a port is in use
        assert asyncio.run(listening()) == {"127.0.0.1"}


def test_the_command_runs_a_workflow_on_a_cluster(cluster: str, tmp_path: Path) -> None:
    import json

    from registry_tool.commands.batch.batch import batch
    from registry_tool.runtime.batch.session import BatchOptions

    (tmp_path / "project/resources").mkdir(parents=True)
    (tmp_path / "project/resources/greeting.txt").write_text("Good day")
    (tmp_path / "project/workflow-resource.yaml").write_text(WORKFLOW)
    items = tmp_path / "items.jsonl"
    items.write_text("".join(f'{{"who": "w{n}"}}\n' for n in range(50)))
    output = tmp_path / "results.jsonl"
    how = BatchOptions(items, output, executor=f"dask={cluster}", concurrency=2)
    report = batch(str(tmp_path / "project"), ".", how)
    assert report.is_fine
    assert report.counts.ran == 50
    found = [json.loads(line)["outputs"] for line in output.read_text().splitlines()]
    assert found == [{"greeting": f"Good day, w{n}!"} for n in range(50)]
    assert batch(str(tmp_path / "project"), ".", BatchOptions(items, output)).counts.found == 50


WORKFLOW = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: greet, version: "1.0.0" }
spec:
  blocks:
    - { id: who, type: text }
    - { id: words, type: text }
    - { id: greeting, type: text }
  edges:
    - { id: read, source: who, target: words, type: load, config: { path: greeting.txt } }
    - id: greet
      source: [who, words]
      target: greeting
      type: modify
      config: { modify_type: edit_text, content: "{{words}}, {{who}}!" }
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: greeting, type: string }]
"""


def test_a_cluster_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from registry_tool.engine.batch import dask_executor

    monkeypatch.setattr(dask_executor, "_WAIT", "1s")
    import asyncio

    executor = DaskExecutor("tcp://127.0.0.1:1", len, {}, 5)  # type: ignore[arg-type]
    with pytest.raises(RegistryError, match="no worker of a Dask cluster can be reached") as error:
        asyncio.run(executor.execute(iter([]), lambda *_: None))
    assert error.value.location == "tcp://127.0.0.1:1"


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    monkeypatch.setitem(sys.modules, "distributed", None)
    executor = DaskExecutor("", len, {}, 5)  # type: ignore[arg-type]
    with pytest.raises(MissingToolError, match=r"workflow-registry\[dask\]"):
        asyncio.run(executor.execute(iter([]), lambda *_: None))
