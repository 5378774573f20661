from __future__ import annotations

from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.testing.canaries.orders import (
    MOST,
    order_of,
    without_orders,
    word_of,
    words_in,
)
from registry_tool.security.redact import redact_secrets

ORDER = order_of(word_of(0))


def test_every_source_has_a_word_of_its_own() -> None:
    words = {word_of(number) for number in range(MOST)}
    assert len(words) == MOST
    assert all(word.isalpha() for word in words)
    assert redact_secrets(ORDER) == ORDER


@given(st.text(max_size=20), st.integers(0, MOST - 1))
def test_what_was_planted_can_be_taken_out(text: str, number: int) -> None:
    order = order_of(word_of(number))
    assert words_in(f"{text} {order}") >= {word_of(number)}
    assert without_orders(f"{text} {order}") == text
    assert without_orders({"a": [f"{text} {order}"], "b": 1}) == {"a": [text], "b": 1}


@pytest.mark.parametrize("spelled", [quote, quote_plus, str.upper])
def test_also_as_addresses_and_capitals_have_it(spelled: object) -> None:
    changed = spelled(f"a {ORDER} b")  # type: ignore[operator]
    assert words_in(changed) == {word_of(0)}
    assert without_orders(changed) == spelled("a b")  # type: ignore[operator]


def test_what_holds_none() -> None:
    assert words_in({"a canary": ["sings", 3, None]}) == frozenset()
    assert words_in({"canaryab": 1}) == {"canaryab"}
