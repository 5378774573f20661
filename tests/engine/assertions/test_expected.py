"""What a test expects, matched in part and with a tolerance."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.assertions.expected import Tolerance, differences, tolerance

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=6,
)


def found(actual: Any, expected: Any, near: Tolerance | None = None) -> list[str]:
    return list(differences(actual, expected, near or Tolerance()))


@given(JSON)
def test_everything_is_as_it_is(value: Any) -> None:
    assert found(value, value) == []


@given(st.dictionaries(st.sampled_from("abc"), JSON), JSON)
def test_what_is_not_expected_is_not_looked_at(value: dict[str, Any], more: Any) -> None:
    assert found({**value, "z": more}, value) == []
    assert ("z is missing" in found(value, {"z": more})) is True


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (1, True, "the value is 1, not true"),
        (0, None, "the value is 0, not null"),
        ("1", 1, 'the value is "1", not 1'),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]}, "a[1].b is 2, not 3"),
        ({"a": [1]}, {"a": [1, 2]}, "a has 1 items, not 2"),
        ({"a": 1}, {"a": {"b": 1}}, "a is 1, not an object"),
        ("x" * 200, "y", f'the value is "{"x" * 76}…, not "y"'),
        (10**400, 5, f"the value is {str(10**400)[:77]}…, not 5"),
    ],
)
def test_a_difference_is_reported_with_its_place(actual: Any, expected: Any, message: str) -> None:
    assert found(actual, expected) == [message]


@pytest.mark.parametrize(
    ("from_model", "chosen", "actual", "fits"),
    [
        (True, None, 0.9, True),  # 0.7 ± 0.2, also in binary
        (True, None, 0.91, False),
        (True, 0.5, 1.2, True),
        (True, 0.0, 0.7, True),
        (False, None, 0.7000001, True),
        (False, None, 0.71, False),
        (False, 0.1, 0.77, True),  # a tenth of the larger one
    ],
)
def test_how_near_is_near(
    from_model: bool, chosen: float | None, actual: float, fits: bool
) -> None:
    near = tolerance(from_model=from_model, chosen=chosen)
    assert near.admits(actual, 0.7) is near.admits(0.7, actual) is fits


def test_an_endless_integer_is_only_itself() -> None:
    assert Tolerance(0.2).admits(10**400, 10**400)
    assert not Tolerance(0.2).admits(10**400, 1)
