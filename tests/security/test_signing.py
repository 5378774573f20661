"""Signatures: right ones pass; another value, key or spelling doesn't."""

from __future__ import annotations

import base64
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object
from registry_tool.security.keys import parse_ring, spelled
from registry_tool.security.signing import sign, verify

RING = parse_ring(spelled([(2, bytes(range(100, 132))), (1, bytes(range(32)))]), "production")
VALUE: Object = {"number": 3, "actor": "abc", "nested": {"b": [1, 2.5, None]}}


def test_round_trip_with_any_key_of_the_ring() -> None:
    for key in RING.keys:
        signature = sign(VALUE, key)
        assert verify(VALUE, signature, RING.public)
        assert verify(VALUE, signature, key.public)
    assert sign(VALUE, RING) == sign(VALUE, RING.newest)


def test_the_signature_may_stand_in_the_value() -> None:
    signature = sign(VALUE, RING)
    signed: Object = {**VALUE, "signature": signature}
    assert verify(signed, signature, RING.public)
    assert sign(signed, RING) == signature


def test_order_of_keys_is_nothing() -> None:
    turned = dict(reversed(list(VALUE.items())))
    assert verify(turned, sign(VALUE, RING), RING.public)


def test_another_value_another_key_or_none() -> None:
    signature = sign(VALUE, RING)
    assert not verify({**VALUE, "number": 4}, signature, RING.public)
    assert not verify({**VALUE, "more": 1}, signature, RING.public)
    assert not verify(VALUE, signature, RING.keys[1].public)
    assert not verify(VALUE, signature, ())
    elsewhere = parse_ring(spelled([(1, bytes(range(32)))]), "staging")
    assert not verify(VALUE, sign(VALUE, elsewhere), RING.public)


@pytest.mark.parametrize("text", ["", ".", "x", "é.ü", "0123456789abcdef."])
def test_what_is_no_signature(text: str) -> None:
    assert not verify(VALUE, text, RING.public)
    assert not verify(VALUE, f"{RING.newest.id}.{text}", RING.public)


@given(st.integers(min_value=0, max_value=64 * 8 - 1))
def test_a_flipped_bit_is_seen(bit: int) -> None:
    key_id, _, encoded = sign(VALUE, RING).partition(".")
    raw = bytearray(base64.b64decode(encoded))
    raw[bit // 8] ^= 1 << bit % 8
    assert not verify(VALUE, f"{key_id}.{base64.b64encode(raw).decode()}", RING.public)


@given(
    st.dictionaries(st.text(max_size=5), st.integers(-5, 5) | st.text(max_size=5), min_size=1),
    st.data(),
)
def test_any_changed_member_is_seen(value: Object, data: st.DataObject) -> None:
    value.pop("signature", None)
    signature = sign(value, RING)
    assert verify(copy.deepcopy(value), signature, RING.public)
    if value:
        member = data.draw(st.sampled_from(sorted(value)))
        assert not verify({**value, member: ["other"]}, signature, RING.public)
