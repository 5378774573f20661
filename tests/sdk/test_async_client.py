"""The asynchronous client: the same answers, awaited; a cancelled task cancels its run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from puppyai.workflows import AsyncWorkflowClient, NotFoundError, TimedOutError
from tests.sdk.live_registry import LiveRegistry


def test_everything_is_awaited(site: Path, clone: Path) -> None:
    async def main() -> None:
        client = AsyncWorkflowClient(str(site))
        assert [one.name async for one in client.list_workflows(tag="greeting")] == [
            "caller",
            "hello",
        ]
        assert len(await client.search("greets").all()) == 2
        assert [one.version for one in await client.versions("hello")] == ["1.1.0", "1.0.0"]
        workflow = await client.get_workflow("hello", "~1.0")
        assert (workflow.name, workflow.version) == ("hello", "1.0.0")
        results = await asyncio.gather(*(workflow.execute({"who": str(n)}) for n in range(3)))
        assert [found.greeting for found in results] == [f"Hello, {n}!" for n in range(3)]
        with pytest.raises(NotFoundError, match="no workflow nothing"):
            await client.get_workflow("nothing")
        assert client.registry_url in repr(client)

    asyncio.run(main())


@pytest.mark.parametrize("via", ["local", "registry"])
def test_events_come_as_an_async_iterator(live: LiveRegistry, via: str) -> None:
    async def main() -> None:
        workflow = await AsyncWorkflowClient(live.address).get_workflow("hello")
        async with await workflow.start({"who": "you"}, via=via) as run:  # type: ignore[arg-type]
            names = [event.name async for event in run]
            assert (await run.result()).greeting == "Hello, you!"
        assert names[0] == "execution_started"
        assert names[-1] == "execution_finished"
        assert run.ended

    asyncio.run(main())


def test_a_cancelled_task_cancels_its_run(live: LiveRegistry) -> None:
    live.holds_runs = True

    async def main() -> None:
        workflow = await AsyncWorkflowClient(live.address).get_workflow("hello")
        run = await workflow.start({"who": "you"}, via="registry")
        with pytest.raises(TimedOutError):
            await run.result(timeout=0.01)
        task = asyncio.create_task(workflow.execute({"who": "you"}, via="registry"))
        while len(live.runs) < 2:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(120):  # it may be cancelled while a thread begins it
            while not live.paths("DELETE"):
                await asyncio.sleep(0.001)
        await asyncio.to_thread(run.cancel)

    asyncio.run(main())
