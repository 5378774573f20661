"""Payloads: what is locked opens with its key, its context and every bit in place, and not otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.codec import FileFormat
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.security.encrypt import (
    PayloadError,
    WrappedKey,
    open_payload,
    rewrap,
    seal_payload,
)
from registry_tool.security.keys import parse_ring, spelled

V1, V2 = bytes(range(32)), bytes(range(100, 132))
OLD = parse_ring(spelled([(1, V1)]), "production")
BOTH = parse_ring(spelled([(2, V2), (1, V1)]), "production")
NEW = parse_ring(spelled([(2, V2)]), "production")
KEY = FileFormat[WrappedKey](WrappedKey, "wrapped key")
CONTEXT: Object = {"environment": "production", "execution_id": "exec-1"}


@given(st.binary(max_size=200))
def test_round_trip(data: bytes) -> None:
    blob, wrapped = seal_payload(data, OLD, CONTEXT)
    assert open_payload(blob, wrapped, BOTH, CONTEXT) == data
    assert KEY.of(KEY.value(wrapped), "x") == wrapped


def test_a_data_key_each() -> None:
    one, first = seal_payload(b"same", OLD, CONTEXT)
    two, second = seal_payload(b"same", OLD, CONTEXT)
    assert one != two
    with pytest.raises(PayloadError):
        open_payload(one, second, OLD, CONTEXT)
    assert open_payload(one, first, OLD, CONTEXT) == open_payload(two, second, OLD, CONTEXT)


@given(st.data())
def test_any_flipped_bit_is_refused(data: st.DataObject) -> None:
    blob, wrapped = seal_payload(b"a payload", OLD, CONTEXT)
    whole = bytearray(blob + wrapped.wrapped)
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    changed = WrappedKey(wrapped.key_id, bytes(whole[len(blob) :]))
    with pytest.raises(PayloadError):
        open_payload(bytes(whole[: len(blob)]), changed, OLD, CONTEXT)


@given(st.integers(min_value=0, max_value=60))
def test_a_cut_one_is_refused(length: int) -> None:
    blob, wrapped = seal_payload(b"a longer payload of a run, cut anywhere", OLD, CONTEXT)
    with pytest.raises(PayloadError):
        open_payload(blob[:length], wrapped, OLD, CONTEXT)
    with pytest.raises(PayloadError):
        cut = WrappedKey(wrapped.key_id, wrapped.wrapped[: min(length, 59)])
        open_payload(blob, cut, OLD, CONTEXT)


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"environment": "staging", "execution_id": "exec-1"},
        {"environment": "production", "execution_id": "exec-2"},
        {**CONTEXT, "more": None},
    ],
)
def test_a_wrong_context_is_refused(other: Object) -> None:
    blob, wrapped = seal_payload(b"x", OLD, CONTEXT)
    with pytest.raises(PayloadError, match="belongs to another run"):
        open_payload(blob, wrapped, OLD, other)


def test_rewrapping_moves_to_the_newest_key_and_is_idempotent() -> None:
    blob, wrapped = seal_payload(b"x", OLD, CONTEXT)
    moved = rewrap(wrapped, BOTH, CONTEXT)
    assert moved.key_id == BOTH.newest.id
    assert rewrap(moved, BOTH, CONTEXT) is moved
    assert open_payload(blob, moved, NEW, CONTEXT) == b"x"


def test_a_key_that_isnt_there_is_named_by_id_with_a_way_out() -> None:
    blob, wrapped = seal_payload(b"x", OLD, CONTEXT)
    with pytest.raises(PayloadError, match=OLD.newest.id) as caught:
        open_payload(blob, wrapped, NEW, CONTEXT)
    assert "PUPPY_ENVIRONMENT_KEY" in caught.value.hint


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"key_id": "a"}, {"key_id": 1, "wrapped": ""}, {"key_id": "a", "wrapped": "!"}],
)
def test_what_is_no_wrapped_key(value: Value) -> None:
    with pytest.raises(RegistryError, match="not a valid wrapped key"):
        KEY.of(value, "production/exec-1.json")
