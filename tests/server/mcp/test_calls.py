"""A call that its caller gives up ends its run."""

from __future__ import annotations

import asyncio

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.server.mcp import calls
from registry_tool.server.mcp.calls import Caller
from registry_tool.server.mcp.tools import tools_of
from tests.server.mcp.programs import greeter


async def no_progress(done: float, total: float, message: str) -> None:
    """Nobody asked."""


def test_cancelling_a_call_cancels_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    (tool,) = tools_of([greeter()]).values()
    ended: list[str] = []

    async def endless(*_: object) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("run")

    monkeypatch.setattr(calls, "run_in_loop", endless)

    async def given_up() -> None:
        call = asyncio.create_task(Caller().call(tool, {"who": "Ada"}, no_progress))
        while not ended and not call.done():
            await asyncio.sleep(0)
            call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(given_up())
    assert ended == ["run"]


def test_what_a_use_case_refuses_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    (tool,) = tools_of([greeter()]).values()

    async def refuses(*_: object) -> None:
        raise UsageError("no such environment", hint="there is dev")

    monkeypatch.setattr(calls, "run_in_loop", refuses)
    found = asyncio.run(Caller().call(tool, {}, no_progress))
    assert found.is_error
    assert "no such environment (there is dev)" in found.model_dump_json()
