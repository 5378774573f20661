"""Tests recorded anew: each in its own environment, so that a replay asks the same; what lacks is an error."""

from __future__ import annotations

from dataclasses import replace

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Environment, TestCase
from registry_tool.runtime import live_tests
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.live_recording import record_live
from registry_tool.runtime.run_tests import SuiteOptions
from registry_tool.runtime.run_tests import test_program as run_cases
from registry_tool.sources.program import Program
from registry_tool.store import paths
from tests.engine.small import HEAD, ScriptedModel

SPEC = """
  blocks: [{ id: q, type: text }, { id: a, type: text }]
  edges: [{ id: ask, source: q, target: a, type: llm, config: { prompt: "{{q}}" } }]
  interface: { inputs: [{ name: q, required: true }], outputs: [{ name: a }] }
  runtime: { environments: { big: { llm_model: large }, small: { llm_model: tiny } } }
  tests:
    - { name: one, environment: big, inputs: { q: x }, runs: 2, assert: [{ type: equals, value: X }] }
    - { name: two, environment: small, inputs: { q: x }, assert: [{ type: equals, value: X }] }
    - { name: by hand, inputs: { q: x }, answers: { ask: X }, assert: [{ type: equals, value: X }] }
"""
PROGRAM = Program(load(HEAD + SPEC, "t.yaml").workflow, {}, "t")


def own(program: Program, case: TestCase) -> Environment:
    return environment_of(program.workflow, case.environment)


def answering(monkeypatch: pytest.MonkeyPatch, model: ModelProvider) -> None:
    monkeypatch.setattr(live_tests, "make_provider", lambda *_: model)


def test_a_replay_has_all_that_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    model = ScriptedModel()
    answering(monkeypatch, model)
    found = record_live(PROGRAM, "openai", Budget(), own)
    assert (
        len(model.asked) == 3
    )  # two runs, another environment, and none for what is written by hand
    assert found.about == "Recorded from the provider openai."
    recorded = replace(PROGRAM, files={paths.CASSETTES: found.to_bytes()})
    assert run_cases(recorded, SuiteOptions()).passed


def test_a_model_that_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: str) -> str:
        raise ProviderError("404: there is no such model")

    answering(monkeypatch, ScriptedModel(gone))
    with pytest.raises(RegistryError, match=r"can't be recorded: .*no such model"):
        record_live(PROGRAM, "openai", Budget(), own)


def test_a_server_that_is_away_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def sometimes(question: str) -> str:
        told.append(question)
        if len(told) > 1:
            raise ProviderError("slow down", transient=True)
        return question.upper()

    answering(monkeypatch, ScriptedModel(sometimes))
    with pytest.raises(RegistryError, match="slow down"):
        record_live(PROGRAM, "openai", Budget(), own)


def test_a_budget_that_is_spent_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ScriptedModel())
    with pytest.raises(RegistryError, match="the budget is spent"):
        record_live(PROGRAM, "openai", Budget(reached=True), own)
