"""A program's recorded tests, replayed with an instruction planted in each source of words from outside.

Recorded answers can't tell what a model would do with a question that nobody asked. They tell what the workflow
does around it: which prompts and hosts the words reach, and what follows if a model obeys. `live` asks a real one.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import process_time
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.all_providers import make_provider
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.run import SUCCESS, RunResult, run
from registry_tool.engine.testing.canaries.models import IgnoringModel, ObeyingModel
from registry_tool.engine.testing.canaries.orders import word_of
from registry_tool.engine.testing.canaries.planting import planted
from registry_tool.engine.testing.canaries.session import PlantedSession
from registry_tool.engine.testing.observed_run import RunObserver
from registry_tool.manifest.binding import bind, block_schemas, port_schema
from registry_tool.manifest.flow.dataflow import Dataflow
from registry_tool.manifest.flow.origins import input_origin
from registry_tool.manifest.model import Edge, TestCase, Workflow
from registry_tool.manifest.written_answers import asks_for_words
from registry_tool.rules.planted import CanaryOutcome, CanaryReport
from registry_tool.runtime.canary_traces import RunTrace, outcome_of_traces
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.run_program import settings_for
from registry_tool.runtime.run_tests import with_cassette
from registry_tool.runtime.services import close_outbound
from registry_tool.security.offline import no_network
from registry_tool.sources.program import Program

MOST_CASES: Final = 10
SECONDS: Final = 20.0
"""Of processor time, after which no further test is begun."""
_MOST_SOURCES: Final = 64
IGNORING, OBEYING = "a model that ignores them", "a model that obeys them"


@dataclass(frozen=True, slots=True)
class PlantingPlaces:
    """Words of the places where orders are planted: inputs by name, edges by id; and what each is."""

    inputs: dict[str, str]
    edges: dict[str, str]
    names: dict[str, str]


def plant(program: Program, live: str = "") -> CanaryReport:
    """The report on a program's tests; `live` names a provider that is asked instead of the two that we know."""
    callees = {name: callee.workflow for name, callee in program.callees.items()}
    sources = sources_in(program.workflow, callees)
    names = tuple(dict.fromkeys(sources.names.values()))
    cases = program.workflow.tests[:MOST_CASES]
    if not sources.names or not cases:
        return CanaryReport(names, untold="no words come in from outside" if cases else "no tests")
    try:
        return asyncio.run(_Planting(program, sources, live).report(cases, names))
    except RegistryError as error:
        return CanaryReport(names, untold=str(error))


def sources_in(workflow: Workflow, callees: Mapping[str, Workflow]) -> PlantingPlaces:
    """Every input and every edge that brings in words from outside."""
    found, flows = PlantingPlaces({}, {}, {}), Dataflow(workflow, callees)
    for port in workflow.interface.inputs:
        words = port.type != "file" and flows.input_holds_words(port.name)
        if words and len(found.names) < _MOST_SOURCES:
            word = found.inputs[port.name] = word_of(len(found.names))
            found.names[word] = input_origin(workflow, port).words
    for edge in workflow.edges:
        texts = flows.words_from_outside(edge)
        if texts and len(found.names) < _MOST_SOURCES:
            word = found.edges[edge.id] = word_of(len(found.names))
            found.names[word] = texts[0].words
    return found


class _Planting:
    def __init__(self, program: Program, sources: PlantingPlaces, live: str) -> None:
        self._program, self._sources, self._live = program, sources, live
        self._cassette = program.cassette()
        self._schemas = block_schemas(program.workflow, bind(program.workflow))

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
        return CanaryReport(names, done, outcomes)

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
        given = self._inputs(case) if planting else case.inputs
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
        alter = self._alter if planting else None
        session = PlantedSession(Cassette(services=self._cassette.services), set(), {})
        settings = with_cassette(replace(settings, answers=answers, alter=alter), session)
        inputs = self._inputs(case) if planting else case.inputs
        try:
            with nullcontext() if self._live else no_network():
                return await run(program.workflow, inputs, settings)
        finally:
            await close_outbound(settings)

    def _by_hand(self, case: TestCase) -> Frozen:
        """A case's answers written by hand, but for edges that ask a model."""
        known = self._program.workflow.edge_by_id
        return {
            name: value
            for name, value in case.answers.items()
            if name in known and not asks_for_words(known[name])
        }

    def _inputs(self, case: TestCase) -> Frozen:
        ports = {port.name: port for port in self._program.workflow.interface.inputs}
        return {
            name: planted(value, self._sources.inputs[name], port_schema(ports[name]))
            if name in self._sources.inputs
            else value
            for name, value in case.inputs.items()
        }

    def _alter(self, edge: Edge, results: dict[str, Value]) -> dict[str, Value]:
        word = self._sources.edges.get(edge.id)
        if word is None:
            return results
        return {
            target: planted(value, word, self._schemas.get(target, {}))
            for target, value in results.items()
        }
