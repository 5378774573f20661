"""A program's tests recorded anew: models are asked within a budget, other services answer as recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from registry_tool.core.errors import RegistryError
from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.manifest.model import Environment, TestCase
from registry_tool.runtime.live_tests import LiveTestResult, run_live
from registry_tool.runtime.run_tests import about_recordings
from registry_tool.sources.program import Program

EnvironmentOf = Callable[[Program, TestCase], Environment]
"""The environment that a test runs in, but for its rules of asking: what a manifest says must stay."""


def record_live(
    program: Program, provider: str, budget: Budget, environment: EnvironmentOf
) -> Cassette:
    """The answers that a replay of the tests will ask for; `RegistryError` where some could not be had.

    `environment` keeps what the test's own says, as a replay has it: other settings make other questions.
    """
    recorded = Cassette(about=about_recordings(provider), services=program.cassette().services)
    for case in program.workflow.tests:
        alone = replace(program, workflow=replace(program.workflow, tests=(case,)))
        found = run_live(alone, environment(program, case), provider, budget, by_hand=True)
        if why := _unrecorded(found, budget):
            raise RegistryError(
                f"its tests can't be recorded: {why}",
                location=program.workflow.reference,
                hint="look at provider, key and model, or give it a larger --budget",
            )
        recorded.recordings |= found.answers.recordings
    return recorded


def _unrecorded(found: LiveTestResult, budget: Budget) -> str:
    """Why answers lack: nobody could be asked, or the first question was refused (the model is not there)."""
    if budget.reached:
        return "the budget is spent"
    failed = next((case for case in found.cases if case.outcome is Outcome.ERROR), None)
    if failed is not None and not found.answers.recordings:
        return "; ".join(failed.reasons)
    return found.trouble
