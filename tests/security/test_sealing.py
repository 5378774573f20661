"""Sealed inputs: only the environment opens them, only in their context, only whole."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object
from registry_tool.security.keys import parse_ring, spelled
from registry_tool.security.sealing import (
    NOBODY,
    SealedError,
    SealTerms,
    open_inputs,
    open_sealed,
    seal_inputs,
    sealed_digest,
)

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
    assert "seal" in caught.value.hint


@pytest.mark.parametrize("text", ["", "no base64!", base64.b64encode(b"x" * 200).decode()])
def test_what_isnt_sealed_is_refused(text: str) -> None:
    with pytest.raises(SealedError):
        open_inputs(text, RING, CONTEXT)


def test_its_terms_are_locked_with_it() -> None:
    terms = SealTerms(7, "2026-11-29T10:00:00.000Z")
    sealed = seal_inputs({"who": "Ada"}, RING.public[0], CONTEXT, terms)
    assert open_sealed(sealed, RING, CONTEXT) == ({"who": "Ada"}, terms)
    unsaid = seal_inputs({}, RING.public[0], CONTEXT)
    assert open_sealed(unsaid, RING, CONTEXT)[1].actor == NOBODY


def test_one_digest_however_it_is_spelled_and_another_for_each() -> None:
    one, other = (seal_inputs({"who": "Ada"}, RING.public[0], CONTEXT) for _ in range(2))
    assert sealed_digest(one) != sealed_digest(other)
    padded = next(
        text
        for size in range(3)
        if (text := seal_inputs({"x": "y" * size}, RING.public[0], CONTEXT)).endswith("=")
    )
    spelled_anew = padded.rstrip("=")[:-1] + _next_letter(padded.rstrip("=")[-1])
    spelled_anew += "=" * (len(padded) - len(spelled_anew))
    assert spelled_anew != padded
    assert sealed_digest(spelled_anew) == sealed_digest(padded)


def _next_letter(letter: str) -> str:
    """The same bytes: of a last letter before `=`, base64 reads the first bits only."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return alphabet[alphabet.index(letter) + 1]


def test_what_an_older_tool_sealed_is_refused_with_the_way_out() -> None:
    blob = base64.b64decode(seal_inputs({}, RING.public[0], CONTEXT))
    old = base64.b64encode(blob.replace(b"puppy-sealed-2", b"puppy-sealed-1")).decode()
    with pytest.raises(SealedError, match="older tool") as caught:
        open_inputs(old, RING, CONTEXT)
    assert "puppy-cli seal" in caught.value.hint
