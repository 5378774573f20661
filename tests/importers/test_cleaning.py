"""Control characters are taken out of a foreign file, and each text that lost some is named."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.importers.cleaning import cleaned
from registry_tool.importers.imported import Loss
from registry_tool.manifest.source import CONTROL

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text("a\x00\x1b\n\t\x85é", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("k\x07", max_size=3), inner)
    ),
    max_leaves=8,
)


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    if isinstance(value, dict):
        return [text for pair in value.items() for item in pair for text in texts(item)]
    return []


@given(VALUES)
def test_nothing_is_left_that_a_manifest_may_not_hold(value: Any) -> None:
    losses: list[Loss] = []
    clean = cleaned(value, losses)
    assert not [text for text in texts(clean) if CONTROL.search(text)]
    assert len(losses) == sum(CONTROL.search(text) is not None for text in texts(value))
    again: list[Loss] = []
    assert cleaned(clean, again) == clean
    assert again == []


@pytest.mark.parametrize(
    ("value", "clean", "where"),
    [
        ({"a": [{"b": "x\x00y"}]}, {"a": [{"b": "xy"}]}, "a.0.b"),
        ({"k\x07": 1}, {"k": 1}, "the document"),
        ({"k": 1, "k\x07": 2}, {"k": 2}, "the document"),
        ("\x1b[31m", "[31m", "the document"),
    ],
)
def test_a_loss_names_its_place_and_the_characters(value: Any, clean: Any, where: str) -> None:
    losses: list[Loss] = []
    assert cleaned(value, losses) == clean
    (loss,) = losses
    assert loss.where == where
    assert loss.what.startswith("control characters (U+00")
