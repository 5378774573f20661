from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import at

VALUE = {"a": [{"b": 1}, [2]], "0": None}


@pytest.mark.parametrize(
    ("route", "wanted"),
    [((), VALUE), (("a", 0, "b"), 1), (("a", 1, 0), 2), (("0",), None)],
)
def test_a_route_leads_to_its_value(route: tuple[str | int, ...], wanted: Any) -> None:
    assert at(VALUE, route) == wanted


@pytest.mark.parametrize("route", [("x",), ("a", 2), ("a", "0"), (0,), ("a", 0, "b", "c")])
def test_a_route_that_leads_nowhere_is_an_error(route: tuple[str | int, ...]) -> None:
    with pytest.raises((KeyError, IndexError)):
        at(VALUE, route)


@given(st.recursive(st.none() | st.integers(), lambda inner: st.lists(inner, max_size=3)))
def test_every_item_is_found_by_its_position(value: Any) -> None:
    if isinstance(value, list):
        assert [at(value, (position,)) for position in range(len(value))] == value
