"""Opaque tokens: form, hash, and that nothing shows them."""

from __future__ import annotations

import pytest

from registry_tool.security.tokens.opaque import new_opaque, read_opaque


def _counting(count: int) -> bytes:
    return bytes(range(count))


def test_a_token_is_read_as_it_was_made() -> None:
    made = new_opaque("key", random=_counting)
    assert read_opaque("key", made.text) == made
    assert made.is_of(made.sha256)
    assert not made.is_of(new_opaque("key").sha256)
    assert made.text not in repr(made)


@pytest.mark.parametrize("wrong", ["", "puppyk_", "é", "puppyk_0_1", " ", "\x00"])
def test_anything_else_is_none(wrong: str) -> None:
    assert read_opaque("key", wrong) is None
    made = new_opaque("key")
    assert read_opaque("refresh", made.text) is None
    assert read_opaque("key", made.text + wrong) is None or not wrong
