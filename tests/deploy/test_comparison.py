from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Value
from registry_tool.deploy.analysis import Verdict
from registry_tool.deploy.comparison import Compare, ComparedRun, agree, judge_pairs, read_compare
from registry_tool.deploy.settings import Part

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-100, 100) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(VALUES)
def test_everything_agrees_with_itself(value: Value) -> None:
    assert agree(value, value, 0.0)


@given(VALUES, VALUES, st.floats(0, 10))
def test_agreeing_is_mutual(one: Value, other: Value, tolerance: float) -> None:
    assert agree(one, other, tolerance) == agree(other, one, tolerance)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"score": 0.5}, {"score": 0.55}, True),
        ({"score": 0.5}, {"score": 0.7}, False),
        ({"a": [1, 2]}, {"a": [1, 2, 3]}, False),
        ({"a": 1}, {"b": 1}, False),
        (True, 1, False),
        ("1", 1, False),
        ([{"x": 1}], [{"x": 1.05}], True),
    ],
)
def test_numbers_within_a_tolerance(one: Value, other: Value, same: bool) -> None:
    assert agree(one, other, 0.1) is same


def pairs(agreeing: int, differing: int, unknown: int = 0) -> list[ComparedRun]:
    return [
        *(ComparedRun(f"a{n}", {"x": n}, {"x": n}) for n in range(agreeing)),
        *(ComparedRun(f"d{n}", {"x": n}, {"x": -1}) for n in range(differing)),
        *(ComparedRun(f"u{n}", None, {"x": n}) for n in range(unknown)),
    ]


def test_enough_must_agree() -> None:
    assert judge_pairs(Compare(agreement=0.9), pairs(9, 1)).verdict is Verdict.SUCCESSFUL
    found = judge_pairs(Compare(agreement=0.95), pairs(9, 1, unknown=3))
    assert found.verdict is Verdict.FAILED
    assert found.to_value() == {
        "verdict": "failed",
        "compared": 10,
        "agreed": 9,
        "differing": ["d0"],
    }


def test_a_candidate_that_fails_does_not_agree() -> None:
    assert judge_pairs(Compare(), [ComparedRun("a", {"x": 1}, None)]).verdict is Verdict.FAILED


def test_where_the_stable_version_knows_no_answer_nothing_is_known() -> None:
    assert judge_pairs(Compare(), pairs(0, 0, 3)).verdict is Verdict.INCONCLUSIVE
    assert judge_pairs(Compare(agreement=0.0), []).verdict is Verdict.INCONCLUSIVE


def test_settings_are_read() -> None:
    part = Part({"inputs": "registry/samples/q.jsonl", "agreement": 0.0, "tolerance": 0.5}, "here")
    assert read_compare(part) == Compare("registry/samples/q.jsonl", 0.0, 0.5)
    assert read_compare(None) is None
