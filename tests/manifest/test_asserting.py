"""What a test case asserts, and what in it can't fail."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.core.values import Object, Route
from registry_tool.manifest.asserting import (
    Asserted,
    asserted,
    asserting_tests,
    idle_assertions,
    partial_schema,
)
from registry_tool.manifest.model import Interface, Metadata, Port, TestCase, Workflow


def flow(*outputs: Port, tests: tuple[TestCase, ...] = ()) -> Workflow:
    return Workflow(Metadata("hello", "1.0.0"), (), (), Interface((), outputs), tests=tests)


ONE = flow(Port("a", "string"))
TWO = flow(Port("a", "string"), Port("b", "object"))


def case(*assertions: Object, **more: Any) -> TestCase:
    return TestCase("t", assertions=assertions, **more)


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ({"type": "contains", "value": "x", "output": "a"}, Asserted(frozenset({"a"}))),
        ({"type": "contains", "value": "x", "output": "c"}, Asserted(frozenset())),
        ({"type": "equals", "value": {"b": 1}}, Asserted(frozenset({"b"}), whole=True)),
        ({"type": "contains", "value": "x"}, Asserted(frozenset(), whole=True)),
        ({"type": "contains", "value": "x", "path": "$.a"}, Asserted(frozenset({"a"}), whole=True)),
        ({"type": "latency", "threshold": 5}, Asserted(run=True)),
        ({"type": "contains", "value": "", "output": "a"}, Asserted()),
        ({"type": "contains", "value": "x", "output": "a", "weight": 0}, Asserted()),
    ],
)
def test_which_outputs_an_assertion_looks_at(form: Object, found: Asserted) -> None:
    assert asserted(case(form), TWO) == found


def test_of_one_output_nothing_need_be_named() -> None:
    assert asserted(case({"type": "contains", "value": "x"}), ONE).outputs == {"a"}


def test_expected_values_count_unless_everything_fits_them() -> None:
    found = asserted(case(expected={"a": "x", "b": {}}), TWO)
    assert (found.outputs, found.anything, found.about_outputs) == ({"a"}, True, True)


@pytest.mark.parametrize("more", [{"pass_rate": 0}, {"threshold": 0}])
def test_a_case_that_passes_whatever_happens_asserts_nothing(more: dict[str, float]) -> None:
    real: Object = {"type": "contains", "value": "x"}
    assert not asserted(case(real, **more), ONE).anything
    (route,) = dict(idle_assertions(case(real, **more), ONE))
    assert route == tuple(more)


def test_only_cases_about_an_output_are_asserting() -> None:
    about, beside = case(expected={"a": "x"}), case({"type": "cost", "threshold": 1})
    assert asserting_tests(flow(Port("a"), tests=(beside, about))) == (about,)


IDLE: list[tuple[Object, str]] = [
    ({"type": "contains", "value": ""}, "every text holds an empty one"),
    ({"type": "contains-any", "value": ["x", ""]}, "every text holds an empty one"),
    ({"type": "not-contains-any", "value": []}, "no text holds one of none"),
    ({"type": "regex", "value": ".*"}, "it matches every text"),
    ({"type": "approx", "value": {}}, "every object is {} with more keys"),
    ({"type": "word-count", "value": {"min": 0}}, "every text has 0 words or more"),
    ({"type": "python", "value": "return True"}, "it is always true"),
    ({"type": "similar", "value": "x", "threshold": 0}, "every score reaches 0"),
    (
        {"type": "assert-set", "assert": [{"type": "contains", "value": ""}]},
        "nothing in it can fail",
    ),
    ({"type": "assert-set", "assert": [], "threshold": 0}, "every score reaches 0"),
]


@pytest.mark.parametrize(("form", "why"), IDLE)
def test_what_can_not_fail_is_reported_with_its_place(form: Object, why: str) -> None:
    found: list[tuple[Route, str]] = list(idle_assertions(case(form), ONE))
    assert found == [(("assert", 0), why)]


@pytest.mark.parametrize(
    "form",
    [
        {"type": "contains", "value": "x"},
        {"type": "contains-any", "value": ["x"]},
        {"type": "not-contains", "value": ""},
        {"type": "regex", "value": "^x"},
        {"type": "regex", "value": "("},
        {"type": "is-json"},
        {"type": "word-count", "value": {"min": 0, "max": 9}},
        {"type": "python", "value": "len(output) > 1"},
        {"type": "similar", "value": "x", "threshold": 0.5},
    ],
)
def test_what_can_fail_is_not_reported(form: Object) -> None:
    assert list(idle_assertions(case(form), ONE)) == []


def test_an_object_is_always_json() -> None:
    form: Object = {"type": "is-json", "output": "b"}
    assert [why for _, why in idle_assertions(case(form), TWO)] == ["object is always JSON"]


def test_in_part_nothing_is_asked_for_at_any_depth() -> None:
    inner: Object = {"type": "object", "required": ["x"], "properties": {"x": {"minimum": 1}}}
    whole: Object = {"required": ["a"], "properties": {"a": inner}, "items": inner}
    left: Object = {"type": "object", "properties": {"x": {"minimum": 1}}}
    assert partial_schema(whole) == {"properties": {"a": left}, "items": left}
    assert partial_schema({"anyOf": [inner]}) == {"anyOf": [left]}
    assert partial_schema({"type": "object", "oneOf": [inner]}) == {}
