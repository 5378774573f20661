"""Usage adds up whatever the order, and an unknown price stays unknown."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.files import MAX_INTEGER, canonical_json
from registry_tool.core.values import Value
from registry_tool.engine.providers.models.base import ContextError, ToolCall, Usage, count_of

COUNTS = st.integers(0, 10**9)
COSTS = st.none() | st.integers(0, 10**6).map(lambda millionths: millionths / 2**20)
USAGES = st.builds(Usage, COUNTS, COUNTS, COUNTS, COSTS)


@given(USAGES, USAGES, USAGES)
def test_usage_adds_up_in_any_order(a: Usage, b: Usage, c: Usage) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + Usage() == a
    assert (a + b).tokens == a.tokens + b.tokens
    assert ((a + b).cost_usd is None) is (a.cost_usd is None or b.cost_usd is None)


@given(USAGES)
def test_usage_is_read_back_to_a_billionth_of_a_dollar(usage: Usage) -> None:
    again = Usage.from_value(usage.to_value())
    assert (again.tokens, again.calls) == (usage.tokens, usage.calls)
    assert again.cost_usd == (
        None if usage.cost_usd is None else pytest.approx(usage.cost_usd, abs=1e-9)
    )


def test_what_is_missing_counts_for_nothing_but_a_missing_price_is_unknown() -> None:
    assert Usage.from_value({"input_tokens": "many"}) == Usage(0, 0, 0, None)


@pytest.mark.parametrize(
    ("needed", "available", "words"),
    [
        (5000, 4096, "takes 5,000 tokens, and the context of m holds 4,096"),
        (None, 4096, "is too long, and the context of m holds 4,096"),
        (5000, None, "takes 5,000 tokens, and the context of m holds fewer"),
    ],
)
def test_a_prompt_that_is_too_long_is_reported_as_far_as_it_is_known(
    needed: int | None, available: int | None, words: str
) -> None:
    error = ContextError("m", needed, available, refusal="says the server")
    assert words in error.reason
    assert error.reason.endswith(": says the server")
    assert not error.transient


def test_a_call_of_a_function_has_openai_s_form() -> None:
    assert ToolCall("weather", '{"a": 1}', "c1").to_value() == {
        "id": "c1",
        "type": "function",
        "function": {"name": "weather", "arguments": '{"a": 1}'},
    }


@pytest.mark.parametrize("expected", [2**53, 10**400, 1e999, -1, True, "9", None])
def test_no_figure_of_somebody_else_s_is_larger_than_a_record_can_hold(expected: Value) -> None:
    names = ("input_tokens", "output_tokens", "calls", "cost_usd")
    usage = Usage.from_value(dict.fromkeys(names, expected))
    assert 0 <= usage.input_tokens <= MAX_INTEGER
    assert count_of(expected) == usage.calls
    total = usage + usage + usage
    assert canonical_json(cast(Value, total.to_value()))
