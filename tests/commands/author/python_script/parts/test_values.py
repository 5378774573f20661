"""Helpers of scripts do what the engine does."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.commands.author.python_script.parts import values as parts
from registry_tool.engine.edges.conditions import CONDITIONS
from registry_tool.manifest.template import as_text

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "ab", "2"]),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=3,
)


NUMBERS = st.integers(-1, 3) | st.sampled_from([1.5, "2"])
COUNTING = {name for name in CONDITIONS if "_n" in name or name in {"above", "below"}} - {
    *("is_not", "not_contain", "is_not_empty")
}
ASKED = st.one_of(
    *(st.tuples(st.just(name), NUMBERS if name in COUNTING else VALUES) for name in CONDITIONS)
)


@given(VALUES, ASKED)
def test_a_condition_holds_where_it_holds_in_the_engine(value: Any, asked: Any) -> None:
    name, wanted = asked
    assert parts.holds(value, name, wanted) == CONDITIONS[name](value, wanted)


@given(VALUES)
def test_a_value_reads_the_same_in_a_text(value: Any) -> None:
    assert parts.text_of(value) == as_text(value)


def test_a_path_leads_to_a_value_or_ends() -> None:
    value = {"a": [{"b": 1}]}
    assert parts.part(value, "a", "0", "b") == 1
    assert parts.part(None, "a") is None
    assert parts.at(value, "a", "5") is None
    with pytest.raises(KeyError):
        parts.part(value, "x")


def halves(item: Any, index: int) -> float:
    return index + 1 / item


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [("null", [1.0, None]), ("skip", [1.0]), ("report", [1.0, {"error": "division by zero"}])],
)
def test_a_map_survives_what_its_policy_allows(policy: str, wanted: Any) -> None:
    assert parts.mapped([1, 0], halves, on_error=policy) == wanted
    with pytest.raises(ZeroDivisionError):
        parts.mapped([1, 0], halves)
    assert parts.mapped({"a": 1}, lambda item, _: item) == [{"a": 1}]
