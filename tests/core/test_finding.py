"""Findings: their order, their JSON, and the error that carries them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.finding import Finding, FindingsError, Severity, in_order

FINDINGS = st.builds(
    Finding,
    st.sampled_from(["a.yaml", "b.yaml"]),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(["rule-a", "rule-b"]),
    st.sampled_from(Severity),
    st.sampled_from(["one", "two"]),
)


@given(st.lists(FINDINGS), st.randoms(use_true_random=False))
def test_the_order_is_that_of_the_places_and_nothing_stands_twice(
    findings: list[Finding], chance: random.Random
) -> None:
    found = in_order(findings)
    assert set(found) == set(findings)
    assert len(found) == len(set(findings))
    assert [f.order for f in found] == sorted(f.order for f in found)
    mixed = findings * 2
    chance.shuffle(mixed)
    assert [f.order for f in in_order(mixed)] == [f.order for f in found]


def test_line_ten_comes_after_line_nine() -> None:
    nine, ten = (Finding("a", n, 1, "r", Severity.ERROR, "m") for n in (9, 10))
    assert in_order([ten, nine]) == (nine, ten)


def test_the_error_tells_the_first_and_how_many_more() -> None:
    first = Finding("a.yaml", 2, 3, "rule", Severity.ERROR, "is wrong", "mend it")
    second = Finding("b.yaml", 1, 1, "rule", Severity.ERROR, "is wrong, too")
    assert str(FindingsError([first])) == "a.yaml:2:3: is wrong (mend it)"
    error = FindingsError([second, first, second])
    assert str(error) == "a.yaml:2:3: is wrong and 1 more (mend it)"
    assert error.findings == (first, second)


def test_as_json_a_finding_has_the_seven_keys_of_the_specification() -> None:
    finding = Finding("a.yaml", 2, 3, "rule", Severity.HOLD, "waits", "ask")
    assert finding.to_value() == {
        "rule": "rule",
        "severity": "hold",
        "path": "a.yaml",
        "line": 2,
        "column": 3,
        "message": "waits",
        "help": "ask",
    }


def test_no_finding_is_no_error() -> None:
    with pytest.raises(IndexError):
        FindingsError([])
