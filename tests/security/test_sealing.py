"""Sealed inputs: only the environment opens them, only in their context, only whole."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object
from registry_tool.security.keys import parse_ring, spelled
from registry_tool.security.sealing import SealedError, open_inputs, seal_inputs

V1, V2 = bytes(range(32)), bytes(range(100, 132))
RING = parse_ring(spelled([(2, V2), (1, V1)]), "production")
CONTEXT: Object = {"environment": "production", "workflow": "greeter"}
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=6), _values, max_size=4))
def test_round_trip_with_each_key(inputs: Object) -> None:
    for public in RING.public:
        assert open_inputs(seal_inputs(inputs, public, CONTEXT), RING, CONTEXT) == inputs


def test_the_text_doesnt_show_through_and_differs_each_time() -> None:
    first, second = (seal_inputs({"who": "Ada"}, RING.public[0], CONTEXT) for _ in range(2))
    assert first != second
    assert b"Ada" not in base64.b64decode(first)


@given(st.data())
def test_any_flipped_bit_is_refused(data: st.DataObject) -> None:
    blob = bytearray(base64.b64decode(seal_inputs({"who": "Ada"}, RING.public[0], CONTEXT)))
    bit = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealedError):
        open_inputs(base64.b64encode(blob).decode(), RING, CONTEXT)


@given(st.integers(0, 100))
def test_a_cut_one_is_refused(length: int) -> None:
    blob = base64.b64decode(seal_inputs({"who": "Ada Lovelace" * 9}, RING.public[0], CONTEXT))
    with pytest.raises(SealedError):
        open_inputs(base64.b64encode(blob[:length]).decode(), RING, CONTEXT)


@pytest.mark.parametrize("key", ["environment", "workflow"])
def test_another_context_is_refused(key: str) -> None:
    sealed = seal_inputs({"who": "Ada"}, RING.public[0], CONTEXT)
    with pytest.raises(SealedError, match="another workflow or environment"):
        open_inputs(sealed, RING, {**CONTEXT, key: "other"})


def test_without_its_key_it_says_which() -> None:
    old = parse_ring(spelled([(1, V1)]), "production")
    sealed = seal_inputs({}, RING.public[0], CONTEXT)
    with pytest.raises(SealedError, match=RING.public[0].id) as caught:
        open_inputs(sealed, old, CONTEXT)
    assert "seal" in caught.value.way_out


@pytest.mark.parametrize("text", ["", "no base64!", base64.b64encode(b"x" * 200).decode()])
def test_what_isnt_sealed_is_refused(text: str) -> None:
    with pytest.raises(SealedError):
        open_inputs(text, RING, CONTEXT)
