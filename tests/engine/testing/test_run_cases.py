from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.assertions.base import Outcome, RunSeen
from registry_tool.engine.assertions.expected import Tolerance, differences, tolerance
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.run import RunResult
from registry_tool.engine.testing.pass_rate import wilson
from registry_tool.engine.testing.run_cases import CaseResult, model_outputs
from registry_tool.engine.testing.run_cases import test_workflow as run_tests
from registry_tool.manifest.load import load
from registry_tool.manifest.model import TestCase

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=3), below),
    max_leaves=8,
)

MANIFEST = """
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: two, version: "1.0.0" }
spec:
  blocks:
    - { id: text, type: text }
    - { id: said, type: text }
    - { id: copied, type: text }
    - { id: after, type: text }
  edges:
    - { id: a, source: text, target: said, type: llm }
    - { id: b, source: text, target: copied, type: modify, config: { modify_type: copy } }
    - { id: c, source: said, target: after, type: modify, config: { modify_type: copy } }
  interface:
    inputs: [{ name: text, required: true }]
    outputs: [{ name: copied }, { name: after }]
"""


@given(JSON)
def test_everything_matches_itself(value: Value) -> None:
    assert list(differences(value, value, Tolerance())) == []


@pytest.mark.parametrize(
    ("actual", "expected", "messages"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, []),
        ({"a": 1}, {"b": 1}, ["b is missing"]),
        ([1, 2], [1], ["the value has 2 items, not 1"]),
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, ['a.b is "x", not "y"']),
        (True, 1, ["the value is true, not 1"]),
        (1.0, 1, []),
        ("1", 1, ['the value is "1", not 1']),
    ],
)
def test_a_difference_names_its_place(actual: Value, expected: Value, messages: list[str]) -> None:
    assert list(differences(actual, expected, Tolerance())) == messages


def test_numbers_of_a_model_may_be_a_fifth_apart() -> None:
    near = tolerance(from_model=True, chosen=None)
    assert near.admits(0.6, 0.8)
    assert near.admits(1.0, 0.8)
    assert not near.admits(0.59, 0.8)
    assert not tolerance(from_model=False, chosen=None).admits(0.79, 0.8)
    assert tolerance(from_model=False, chosen=0.1).admits(0.75, 0.8)


def test_outputs_behind_a_model_are_known() -> None:
    assert model_outputs(load(MANIFEST, "x").workflow) == {"after"}


def results(case: TestCase, answers: list[Value | RegistryError]) -> CaseResult:
    """How a case goes whose runs give these outputs."""
    given = iter(answers)

    async def run_case(case: TestCase) -> tuple[RunResult, RunSeen]:
        answer = next(given)
        if isinstance(answer, RegistryError):
            raise answer
        outputs: dict[str, Value] = {"copied": answer}
        return RunResult("x", "success", outputs, {}, Usage(), 0.1), RunSeen(outputs)

    workflow = replace(load(MANIFEST, "x").workflow, tests=(case,))
    return asyncio.run(run_tests(workflow, run_case))[0]


def test_repeats_pass_by_their_rate() -> None:
    case = TestCase("c", expected={"copied": "yes"}, runs=4, pass_rate=0.75)
    found = results(case, ["yes", "no", "yes", "yes"])
    assert (found.passed, found.passes, found.runs) == (True, 3, 4)
    assert found.reasons == ('copied is "no", not "yes"',)
    assert found.interval == pytest.approx((0.3006, 0.9544), abs=1e-4)


def test_too_few_runs_are_inconclusive_and_many_are_not() -> None:
    case = TestCase("c", expected={"copied": "yes"}, runs=4, pass_rate=0.9)
    assert results(case, ["yes", "no", "yes", "yes"]).outcome is Outcome.INCONCLUSIVE
    many = replace(case, runs=40)
    assert results(many, ["yes", "no", "yes", "yes"] * 10).outcome is Outcome.FAILED
    every = replace(case, pass_rate=1.0)
    assert results(every, ["yes", "no", "yes", "yes"]).outcome is Outcome.FAILED


def test_wrong_inputs_are_an_error() -> None:
    found = results(TestCase("c", runs=2), [RegistryError("no such input"), "x"])
    assert (found.outcome, found.reasons) == (Outcome.ERROR, ("no such input",))


def test_assertions_are_weighed_against_the_threshold() -> None:
    forms: tuple[Frozen, ...] = (
        {"type": "contains", "value": "y", "weight": 3, "metric": "tone"},
        {"type": "contains", "value": "z"},
    )
    case = TestCase("c", assertions=forms)
    assert results(case, ["yes"]).outcome is Outcome.FAILED
    found = results(replace(case, threshold=0.75), ["yes"])
    assert (found.outcome, found.score, found.metrics) == (Outcome.PASSED, 0.75, {"tone": 1.0})
    missed = replace(case, threshold=0.5, expected={"copied": "no"})
    assert results(missed, ["yes"]).outcome is Outcome.FAILED


def test_what_could_not_be_judged_is_inconclusive() -> None:
    case = TestCase("c", assertions=({"type": "similar", "value": "y"},))
    found = results(case, ["yes"])
    assert (found.outcome, found.passed) == (Outcome.INCONCLUSIVE, False)
    assert "no embedder" in found.reasons[0]


def test_only_a_recording_that_lacks_is_unrecorded_whatever_an_output_says() -> None:
    case = TestCase("c", assertions=({"type": "contains", "value": "y"},))
    assert not results(case, ["no answer is recorded"]).unrecorded


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_holds_the_rate_and_narrows(passes: int, more: int) -> None:
    runs = passes + more
    low, high = wilson(passes, runs)
    assert 0 <= low <= passes / runs <= high <= 1
    wider = wilson(passes, runs), wilson(passes * 4, runs * 4)
    assert wider[1][1] - wider[1][0] < wider[0][1] - wider[0][0]
