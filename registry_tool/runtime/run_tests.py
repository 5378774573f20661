"""`puppy-cli test`: a program's own test cases, on recorded answers or on a model that records them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.core.errors import MissingToolError, UsageError
from registry_tool.core.files import write_atomic
from registry_tool.engine.assertions.base import RunSeen
from registry_tool.engine.assertions.rubric import judge_model
from registry_tool.engine.providers.all_providers import REPLAY, make_provider, usual_provider
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.describe import questions
from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.cassettes.replay import RecordingProvider, ReplayProvider
from registry_tool.engine.providers.cassettes.services import (
    CassetteEmbedder,
    CassetteSession,
    CassetteTranscriber,
    recorded_outbound,
)
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.providers.models.weights import MODEL
from registry_tool.engine.room import Room
from registry_tool.engine.run import RunResult, RunSettings, run
from registry_tool.engine.testing.observed_run import RunObserver
from registry_tool.engine.testing.run_cases import test_workflow
from registry_tool.engine.testing.suite_report import TestReport
from registry_tool.manifest.model import Environment, TestCase
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.run_program import (
    asks_model,
    settings_for,
)
from registry_tool.runtime.services import close_outbound
from registry_tool.runtime.substitutes import other_models
from registry_tool.security.offline import no_network
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.program import Program
from registry_tool.store import paths

if TYPE_CHECKING:
    from registry_tool.sources.reference import OpenedProgram

_ABOUT = {
    "local": f"Recorded from the embedded model ({MODEL}, 4-bit), which is small and often wrong: "
    "these answers prove the path, not the quality.",
}


@dataclass(frozen=True, slots=True)
class SuiteOptions:
    """`record` asks for what the cassette lacks, `refresh` for everything; `runs` replaces the cases' own.

    `heard` gets every run's result. `only` names the cases to run, None for all. `model` takes the place of those
    that the manifest names; judges stay the ones that they were.
    """

    provider: str = ""
    record: bool = False
    refresh: bool = False
    runs: int | None = None
    heard: Callable[[RunResult], None] = lambda _: None
    only: frozenset[str] | None = None
    model: str = ""

    @property
    def recording(self) -> bool:
        """Whether answers are kept."""
        return self.record or self.refresh

    @property
    def live(self) -> bool:
        """Whether a provider is asked for everything and nothing is kept."""
        return not self.recording and self.provider not in {"", REPLAY}


def test_program(program: Program, how: SuiteOptions) -> TestReport:
    """Run every case of a program; nothing is written: the caller keeps the cassette."""
    if how.recording and how.provider == REPLAY:
        raise UsageError("replay can't record", hint="name another provider")
    return asyncio.run(_test(program, how))


def keep_answers(report: TestReport, program: Program) -> None:
    """Write new recorded answers into a program's project."""
    if report.cassette is not None:
        folder = Path(program.location)
        write_atomic(folder / paths.CASSETTES, report.cassette.to_bytes())


def test_reference(reference: str, registry: AnyRegistry, how: SuiteOptions) -> TestReport:
    """Test what a reference or path leads to; new answers are written into a path's project."""
    from registry_tool.sources.lock_file import locked_here
    from registry_tool.sources.reference import open_reference

    opened = open_reference(reference, registry, locked_here())
    demand_recordable(reference, opened, how)
    report = test_program(opened.program, how)
    keep_answers(report, opened.program)
    return report


def demand_recordable(reference: str, opened: OpenedProgram, how: SuiteOptions) -> None:
    """`UsageError` where answers would be recorded of what is published."""
    if how.recording and opened.candidate is not None:
        raise UsageError(
            f"{reference} is published and never changes",
            hint="record in the project's folder, before it is published",
        )


async def _test(program: Program, how: SuiteOptions) -> TestReport:
    cassette = program.cassette()
    before = cassette.to_bytes()
    recording = how.recording
    provider = _provider(cassette, how, program)
    replaying = isinstance(provider, ReplayProvider)
    counters: dict[str, RepeatCounter] = {}
    sessions: dict[str, CassetteSession] = {}
    room = Room()  # of all cases: none of their workspaces goes before the last one has run
    used: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="puppy-test-") as folder:

        async def run_case(case: TestCase) -> tuple[RunResult, RunSeen]:
            model = counters.setdefault(case.name, RepeatCounter(provider))
            observed = RunObserver(program.workflow.name)
            environment = _asking(environment_of(program.workflow, case.environment), how.model)
            location = Path(folder) / str(len(counters))
            session = sessions.setdefault(
                case.name, CassetteSession(cassette, used, {}, recording, how.refresh)
            )
            settings = settings_for(
                program,
                environment,
                model,
                location,
                execution_id=f"test-{case.name}",
                listeners=(observed,),
                workspace=location / "workspace",
                room=room,
            )
            settings = replace(settings, answers={} if how.live else case.answers)
            recorded_settings = (
                with_cassette(settings, session) if recording or replaying else settings
            )
            try:
                result = await run(program.workflow, case.inputs, recorded_settings)
            finally:
                await close_outbound(settings)
            how.heard(result)
            return result, observed.seen(result, case.inputs, recorded_settings.services)

        try:
            with no_network() if replaying else nullcontext():
                cases = await test_workflow(
                    program.workflow, run_case, runs=how.runs, only=how.only
                )
        finally:
            await provider.aclose()
    if isinstance(provider, RecordingProvider | ReplayProvider):
        used |= provider.used
    whole = how.only is None  # else nobody knows what the other cases ask for
    stale = tuple(sorted(cassette.keys - used)) if whole else ()
    unasked = questions(cassette, stale)
    if how.refresh:
        cassette.drop(stale)
    changed = recording and cassette.to_bytes() != before
    changed &= bool(cassette.keys) or paths.CASSETTES in program.files
    return TestReport(
        program.workflow.reference,
        cases,
        () if how.refresh or how.provider not in {"", REPLAY} else tuple(unasked),
        cassette if changed else None,
        how.model,
        tuple(other_models(program, how.model)) if how.model else (),
        len(program.workflow.tests) - len(cases),
    )


def _asking(environment: Environment, model: str) -> Environment:
    """The environment with another model for all that edges ask; its judge stays."""
    if not model:
        return environment
    judge = judge_model({}, environment.overrides)
    set_ = {"llm_model": model, "judge_model": judge}
    return replace(
        environment,
        overrides={**environment.overrides, **set_},
        overlay={**environment.overlay, **set_},
    )


def with_cassette(settings: RunSettings, session: CassetteSession) -> RunSettings:
    """The settings with every service on a cassette, also those of called workflows."""
    services = settings.services
    embedder = CassetteEmbedder(services.embedder, session) if services.embedder else None
    speech = CassetteTranscriber(services.transcriber, session) if services.transcriber else None
    return replace(
        settings,
        services=replace(
            services,
            outbound=recorded_outbound(services.outbound, session),
            embedder=embedder,
            transcriber=speech,
        ),
        callees={
            name: replace(callee, outbound=recorded_outbound(callee.outbound, session))
            for name, callee in settings.callees.items()
        },
    )


def _provider(cassette: Cassette, how: SuiteOptions, program: Program) -> ModelProvider:
    if how.record or how.refresh:
        name = how.provider or _recorded_from(program)
        if not name:
            return RecordingProvider(ReplayProvider(Cassette()), cassette)
        cassette.about = about_recordings(name)
        return RecordingProvider(make_provider(name), cassette, refresh=how.refresh)
    if how.provider in {"", REPLAY}:
        return ReplayProvider(cassette)
    return make_provider(how.provider)


def about_recordings(provider: str) -> str:
    """Where answers come from, as a cassette says it."""
    return _ABOUT.get(provider, f"Recorded from the provider {provider}.")


def _recorded_from(program: Program) -> str:
    """The usual provider; none where this machine has none and the program asks none."""
    try:
        return usual_provider()
    except MissingToolError:
        if asks_model(program):
            raise
        return ""
