"""Runs the steps of a batch, each as soon as all that it waits for are done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from registry_tool.core.errors import RegistryError
from registry_tool.engine.plan import Batch, Step
from registry_tool.engine.retry import first_error


async def run_batch(batch: Batch, run_step: Callable[[Step], Awaitable[None]]) -> None:
    """Each step as soon as all that it waits for are done; a chain of steps stays in one task."""
    waits = list(batch.waits)
    steps, feeds = batch.steps, batch.feeds

    async def follow(position: int) -> None:
        while True:
            await run_step(steps[position])
            ready = list[int]()
            for fed in feeds[position]:
                waits[fed] -= 1
                if not waits[fed]:
                    ready.append(fed)
            if not ready:
                return
            position, *others = ready
            for other in others:
                group.create_task(follow(other))

    if not steps:
        return
    first, *others = (p for p, waiting in enumerate(batch.waits) if not waiting)
    try:
        async with asyncio.TaskGroup() as group:
            for other in others:
                group.create_task(follow(other))
            await follow(first)  # here: most runs are one chain, and need no other task
    except* RegistryError as failures:
        worst = first_error(failures)
        raise worst from worst.__cause__  # which tells what kind of failure it was
