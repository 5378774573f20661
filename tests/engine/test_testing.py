from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Value
from registry_tool.engine.assertions.all_assertions import failure
from registry_tool.engine.assertions.base import AssertionFormError
from registry_tool.engine.assertions.expected import Tolerance, differences, tolerance
from registry_tool.engine.providers.base import Usage
from registry_tool.engine.run import RunResult
from registry_tool.engine.testing import model_outputs
from registry_tool.engine.testing import test_workflow as run_tests
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
    ("actual", "expected", "told"),
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
def test_a_difference_names_its_place(actual: Value, expected: Value, told: list[str]) -> None:
    assert list(differences(actual, expected, Tolerance())) == told


def test_numbers_of_a_model_may_be_a_fifth_apart() -> None:
    near = tolerance(from_model=True, chosen=None)
    assert near.admits(0.6, 0.8)
    assert near.admits(1.0, 0.8)
    assert not near.admits(0.59, 0.8)
    assert not tolerance(from_model=False, chosen=None).admits(0.79, 0.8)
    assert tolerance(from_model=False, chosen=0.1).admits(0.75, 0.8)


def test_outputs_behind_a_model_are_known() -> None:
    assert model_outputs(load(MANIFEST, "x").workflow) == {"after"}


@pytest.mark.parametrize(
    ("assertion", "reason"),
    [
        ({"type": "equals", "value": "Hello"}, None),
        ({"type": "equals", "value": "hello"}, "equals"),
        ({"type": "icontains", "value": "HELL"}, None),
        ({"type": "not-contains", "value": "ell"}, "not-contains does not hold"),
        ({"type": "starts-with", "value": "He"}, None),
        ({"type": "is-json"}, "is-json"),
        ({"type": "levenshtein", "value": "Hallo", "threshold": 1}, None),
        ({"type": "levenshtein", "value": "Bye", "threshold": 2}, "edits away"),
        ({"type": "latency", "threshold": 100}, "ms, more than 100"),
    ],
)
def test_assertions(assertion: dict[str, Value], reason: str | None) -> None:
    found = failure(assertion, {"out": "Hello"}, 0.5)
    assert found is None if reason is None else reason in str(found)


@pytest.mark.parametrize("assertion", [{"type": "nonsense"}, {"type": "equals"}, {}])
def test_an_assertion_of_wrong_form_is_told(assertion: dict[str, Value]) -> None:
    with pytest.raises(AssertionFormError):
        failure(assertion, {"out": 1}, 0)


def test_repeats_pass_by_their_rate() -> None:
    answers = iter(["yes", "no", "yes", "yes"])

    async def run_case(case: TestCase) -> RunResult:
        return RunResult("x", "success", {"copied": next(answers)}, {}, Usage(), 0.1)

    manifest = load(MANIFEST, "x").workflow
    case = TestCase("c", expected={"copied": "yes"}, runs=4, pass_rate=0.75)
    from dataclasses import replace

    (result,) = asyncio.run(run_tests(replace(manifest, tests=(case,)), run_case))
    assert (result.passed, result.passes, result.runs) == (True, 3, 4)
    assert result.reasons == ('copied is "no", not "yes"',)
