"""Bounds in words, and turns: no more calls at once than there are processors."""

from __future__ import annotations

import asyncio
import os

import pytest

from registry_tool.engine.sandbox.base import SandboxLimits, Turns


def test_a_bound_that_is_passed_is_reported_with_its_number() -> None:
    limits = SandboxLimits(seconds=0.5, output=100)
    assert limits.too_long == "the code took longer than 0.5 s"
    assert limits.too_much == "the code wrote more than 100 bytes"


@pytest.mark.parametrize("processors", [1, 3])
def test_calls_take_turns(processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    turns = Turns()
    active = most = 0

    async def work() -> None:
        nonlocal active, most
        async with turns.one():
            active += 1
            most = max(most, active)
            await asyncio.sleep(0)
            active -= 1

    async def many() -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(work())

    asyncio.run(many())
    assert most == processors
    asyncio.run(many())  # another loop has turns of its own
    assert active == 0


def test_a_call_that_fails_gives_its_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    turns = Turns()

    async def failing() -> None:
        for _ in range(3):
            with pytest.raises(RuntimeError):
                async with turns.one():
                    raise RuntimeError

    asyncio.run(failing())
