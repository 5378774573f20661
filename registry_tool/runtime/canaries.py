"""A program's recorded tests, replayed with an instruction planted in each source of words from outside.

Recorded answers can't tell what a model would do with a question that nobody asked. They tell what the workflow
does around it: which prompts and hosts the words reach, and what follows if a model obeys. `live` asks a real one.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.all_providers import make_provider
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.run import SUCCESS, RunResult, run
from registry_tool.engine.testing.canaries.models import IgnoringModel, ObeyingModel
from registry_tool.engine.testing.canaries.session import PlantedSession
from registry_tool.engine.testing.observed_run import RunObserver
from registry_tool.manifest.model import TestCase
from registry_tool.manifest.written_answers import asks_for_words
from registry_tool.rules.planted import CanaryOutcome, CanaryReport
from registry_tool.runtime.canary_traces import RunTrace, outcome_of_traces
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.planting import PlantingPlaces, RunPlanting, sources_in
from registry_tool.runtime.run_program import settings_for
from registry_tool.runtime.run_tests import with_cassette
from registry_tool.runtime.services import close_outbound
from registry_tool.security.offline import no_network
from registry_tool.sources.program import Program

MOST_CASES: Final = 10
SECONDS: Final = 20.0
"""Of processor time, after which no further test is begun."""
IGNORING, OBEYING = "a model that ignores them", "a model that obeys them"


def plant(program: Program, live: str = "") -> CanaryReport:
    """The report on a program's tests; `live` names a provider that is asked instead of the two that we know."""
    try:
        return _planted(program, live)
    except RegistryError as error:
        return CanaryReport(untold=str(error))


def _planted(program: Program, live: str) -> CanaryReport:
    callees = {name: callee.workflow for name, callee in program.callees.items()}
    sources = sources_in(program.workflow, callees)
    names = tuple(dict.fromkeys(sources.names.values()))
    cases = program.workflow.tests[:MOST_CASES]
    if not sources.names or not cases:
        return CanaryReport(names, untold="no words come in from outside" if cases else "no tests")
    return asyncio.run(_Planting(program, sources, live).report(cases, names))


class _Planting:
    def __init__(self, program: Program, sources: PlantingPlaces, live: str) -> None:
        self._program, self._sources, self._live = program, sources, live
        self._cassette = program.cassette()

    async def report(self, cases: tuple[TestCase, ...], names: tuple[str, ...]) -> CanaryReport:
        """All cases, as far as the time goes."""
        started, done = process_time(), 0
        traces: dict[str, list[tuple[RunTrace, RunTrace]]] = {}
        for case in cases:
            if process_time() - started > SECONDS:
                break
            base = await self._trace(case, self._base_model, planting=False)
            done += 1
            for name, model in self._models():
                found = await self._trace(case, model, planting=True) if base.whole else base
                traces.setdefault(name, []).append((base, found))
        outcomes = tuple(self._outcome(name, pairs) for name, pairs in traces.items())
        return CanaryReport(names, done, outcomes, of=len(self._program.workflow.tests))

    def _outcome(self, model: str, pairs: list[tuple[RunTrace, RunTrace]]) -> CanaryOutcome:
        return outcome_of_traces(model, self._program.workflow, pairs, self._sources.names)

    def _base_model(self) -> ModelProvider:
        return make_provider(self._live) if self._live else IgnoringModel(self._cassette)

    def _models(self) -> Iterator[tuple[str, Callable[[], ModelProvider]]]:
        if self._live:
            yield f"the provider {self._live}", self._base_model
        else:
            yield IGNORING, partial(IgnoringModel, self._cassette)
            yield OBEYING, partial(ObeyingModel, self._cassette)

    async def _trace(
        self, case: TestCase, model: Callable[[], ModelProvider], *, planting: bool
    ) -> RunTrace:
        observed = RunObserver(self._program.workflow.name)
        provider = model()
        try:
            with tempfile.TemporaryDirectory(prefix="puppy-canary-") as folder:
                result = await self._run(case, provider, observed, Path(folder), planting=planting)
                seen = observed.seen(result, case.inputs, Services())
                blocks = {name: result.blocks[name] for name in result.blocks}
        except RegistryError as failure:
            return RunTrace(case.name, error=str(failure))
        finally:
            await provider.aclose()
        error = "" if result.status == SUCCESS else result.error
        given = self._planting(case, provider).inputs if planting else case.inputs
        return RunTrace(case.name, seen.started, blocks, given, result.outputs, error)

    async def _run(
        self,
        case: TestCase,
        model: ModelProvider,
        observed: RunObserver,
        folder: Path,
        *,
        planting: bool,
    ) -> RunResult:
        program = self._program
        settings = settings_for(
            program,
            environment_of(program.workflow, case.environment),
            RepeatCounter(model),
            folder,
            execution_id=f"test-{case.name}",
            listeners=(observed,),
            workspace=folder / "workspace",
        )
        answers = self._by_hand(case) if self._live else case.answers
        by = self._planting(case, model) if planting else None
        session = PlantedSession(Cassette(services=self._cassette.services), set(), {})
        settings = with_cassette(
            replace(settings, answers=answers, alter=by.alter if by else None), session
        )
        inputs = by.inputs if by else case.inputs
        try:
            with nullcontext() if self._live else no_network():
                return await run(program.workflow, inputs, settings)
        finally:
            await close_outbound(settings)

    def _planting(self, case: TestCase, model: ModelProvider) -> RunPlanting:
        """With a model that obeys, answers written by hand for a model's edges obey, too."""
        obeying = frozenset(case.answers) if isinstance(model, ObeyingModel) else frozenset()
        return RunPlanting(self._program.workflow, self._sources, case, obeying)

    def _by_hand(self, case: TestCase) -> Frozen:
        """A case's answers written by hand, but for edges that ask a model."""
        known = self._program.workflow.edge_by_id
        return {
            name: value
            for name, value in case.answers.items()
            if name in known and not asks_for_words(known[name])
        }
