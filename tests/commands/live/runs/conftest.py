"""A live registry over one in which `hello` serves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping

import pytest

from registry_tool.commands.live.live_registry import LiveRegistry
from registry_tool.commands.live.runs import live_run
from registry_tool.commands.live.runs.live_runs import LiveRuns
from registry_tool.commands.live.runs.settings import LiveRunSettings
from registry_tool.core.values import Value
from registry_tool.engine.run import RunResult
from registry_tool.runtime.run_program import RunOptions
from registry_tool.sources.program import Program
from registry_tool.state.target import Target
from tests.bounded import PATIENCE

MakeRuns = Callable[..., LiveRuns]


@pytest.fixture
def make_runs(served: Target) -> Iterator[MakeRuns]:
    """Makes servers' runs over the registry of `served`; all end with the test."""
    made: list[LiveRuns] = []

    def make(**settings: object) -> LiveRuns:
        live = LiveRegistry(served.root)
        made.append(LiveRuns(live, served, LiveRunSettings(**settings)))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close(0)
        for running in list(one._running.values()):
            running.join(PATIENCE)


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs that only end where they are cancelled."""

    async def run(_: Program, __: Mapping[str, Value], ___: RunOptions) -> RunResult:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(live_run, "run_in_loop", run)
