"""A program's tests on the models of an environment, live; services other than models answer as recorded.

A test may not send mail or write to somebody's database every night, and it is the models that drift.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen
from registry_tool.engine.assertions.base import RunSeen
from registry_tool.engine.providers.all_providers import make_provider
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.cassettes.replay import RecordingProvider
from registry_tool.engine.providers.cassettes.services import CassetteSession
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelProvider,
    ModelRequest,
    OnText,
)
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.room import Room
from registry_tool.engine.run import RunResult, run
from registry_tool.engine.testing.observed_run import RunObserver
from registry_tool.engine.testing.run_cases import CaseResult, test_workflow
from registry_tool.manifest.model import Environment, TestCase
from registry_tool.manifest.written_answers import asks_for_words
from registry_tool.runtime.run_program import limits_of, settings_for
from registry_tool.runtime.run_tests import with_cassette
from registry_tool.runtime.services import close_outbound
from registry_tool.sources.program import Program


@dataclass(frozen=True)
class LiveTestResult:
    """How the cases went, the answers, and why some could not be had (empty: all were)."""

    cases: tuple[CaseResult, ...]
    answers: Cassette
    trouble: str = ""


def run_live(  # noqa: PLR0913 - who is asked what, and how
    program: Program,
    environment: Environment,
    provider: str,
    budget: Budget | None = None,
    repeat: int = 0,
    *,
    by_hand: bool = False,
) -> LiveTestResult:
    """Each case in the given environment, whatever environment the case names, asked anew.

    `repeat` is the number of the first run: a model that is asked again has another seed. With `by_hand`, the
    answers that stand in a case count for models, too, as they do in a replay.
    """
    answers = _of_cases if by_hand else _of_services
    return asyncio.run(_run(program, environment, provider, budget, repeat, answers))


async def _run(  # noqa: PLR0913, PLR0917 - as `run_live` has them
    program: Program,
    environment: Environment,
    provider: str,
    budget: Budget | None,
    repeat: int,
    written: Callable[[Program, TestCase], Frozen],
) -> LiveTestResult:
    recorded, answers, used = program.cassette(), Cassette(), set[str]()
    counters: dict[
        str, RepeatCounter
    ] = {}  # repeated runs of a case are counted together, as when recording
    sessions: dict[str, CassetteSession] = {}
    room = Room()  # of all cases: none of their workspaces goes before the last one has run
    recorder = _OutageRecorder(make_provider(provider, limits_of(environment), budget))
    with tempfile.TemporaryDirectory(prefix="puppy-drift-") as folder:

        async def run_case(case: TestCase) -> tuple[RunResult, RunSeen]:
            model = counters.setdefault(
                case.name, RepeatCounter(RecordingProvider(recorder, answers), repeat)
            )
            session = sessions.setdefault(case.name, CassetteSession(recorded, used, {}))
            observed, location = (
                RunObserver(program.workflow.name),
                Path(tempfile.mkdtemp(dir=folder)),
            )
            settings = settings_for(
                program,
                environment,
                model,
                location,
                execution_id=f"test-{case.name}",  # it makes the seeds, as when they were recorded
                listeners=(observed,),
                workspace=location / "workspace",
                room=room,
            )
            settings = with_cassette(replace(settings, answers=written(program, case)), session)
            try:
                result = await run(program.workflow, case.inputs, settings)
            finally:
                await close_outbound(settings)
            return result, observed.seen(result, case.inputs, settings.services)

        try:
            cases = await test_workflow(program.workflow, run_case)
        finally:
            await recorder.aclose()
    return LiveTestResult(cases, answers, recorder.trouble)


def _of_cases(_: Program, case: TestCase) -> Frozen:
    """All of a case's answers written by hand."""
    return case.answers


def _of_services(program: Program, case: TestCase) -> Frozen:
    """A case's answers written by hand, but for edges that ask a model: that is asked."""
    edges = program.workflow.edge_by_id
    return {
        name: value
        for name, value in case.answers.items()
        if name in edges and not asks_for_words(edges[name])
    }


class _OutageRecorder:
    """Remembers that a model could not be asked, which says nothing of its answers."""

    def __init__(self, inner: ModelProvider) -> None:
        self.name = inner.name
        self._inner = inner
        self.trouble = ""

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The answer."""
        try:
            return await self._inner.complete(request, on_text)
        except RegistryError as error:
            # A model that is gone, or takes no such question, has answered; all else says nothing of it.
            if not isinstance(error, ProviderError) or error.transient or error.unasked:
                self.trouble = str(error)
            raise

    async def aclose(self) -> None:
        """Close the provider."""
        await self._inner.aclose()
