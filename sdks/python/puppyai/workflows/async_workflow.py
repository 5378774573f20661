"""A workflow whose runs are awaited."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from puppyai.workflows.models import Port
from puppyai.workflows.result import Result
from puppyai.workflows.run import AsyncRun, Run
from puppyai.workflows.values import JsonInput
from puppyai.workflows.workflow import Via, Workflow


class AsyncWorkflow:
    """A workflow whose runs are awaited; everything else is `workflow`'s."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow

    @property
    def name(self) -> str:
        """The workflow's name."""
        return self.workflow.name

    @property
    def version(self) -> str:
        """The version, SemVer."""
        return self.workflow.version

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over the version's files."""
        return self.workflow.digest

    @property
    def inputs(self) -> list[Port]:
        """The interface's inputs."""
        return self.workflow.inputs

    @property
    def outputs(self) -> list[Port]:
        """The interface's outputs."""
        return self.workflow.outputs

    async def execute(
        self,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
        *,
        via: Via = "local",
        provider: str = "",
        timeout: float | None = None,
    ) -> Result:
        """Run it and wait for its result, as `Workflow.execute` does; cancelling the task cancels the run."""
        begun = await self.start(inputs, environment, via=via, provider=provider, timeout=timeout)
        async with begun as run:
            return await run.result(None if via == "local" else timeout)

    async def start(
        self,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
        *,
        via: Via = "local",
        provider: str = "",
        timeout: float | None = None,
    ) -> AsyncRun:
        """Begin a run; `async for event in run` says what happens."""
        return await begun_in_thread(
            lambda: self.workflow.start(
                inputs, environment, via=via, provider=provider, timeout=timeout
            )
        )


async def begun_in_thread(start: Callable[[], Run]) -> AsyncRun:
    """A run that `start` begins; where the task is cancelled meanwhile, so is the run."""
    import asyncio

    begun = _StartingRun(start)
    try:
        return AsyncRun(await asyncio.to_thread(begun.begin))
    except asyncio.CancelledError:
        begun.abandon()
        raise


class _StartingRun:
    """A run that a thread begins; abandoned meanwhile, it is cancelled as soon as it has begun."""

    def __init__(self, start: Callable[[], Run]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._run: Run | None = None
        self._is_abandoned = False

    def begin(self) -> Run:
        run = self._start()
        with self._lock:
            self._run = run
            unwanted = self._is_abandoned
        if unwanted:
            run.cancel()
        return run

    def abandon(self) -> None:
        with self._lock:
            self._is_abandoned = True
            run = self._run
        if run is not None:
            threading.Thread(target=run.cancel, name="cancel a workflow run", daemon=True).start()
