"""A pinned root is spelled in one way."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.security.tuf.pin import parse_pin, pin_of


def test_a_pin_names_a_version_and_its_bytes() -> None:
    pin = pin_of(3, b"root")
    assert parse_pin(str(pin), "here") == pin
    assert pin.path == "tuf/3.root.json"
    assert pin.fits(b"root")
    assert not pin.fits(b"toor")


@pytest.mark.parametrize("text", ["", "1", "sha256:" + "0" * 64, "0:sha256:" + "0" * 64, "1:md5:0"])
def test_anything_else_is_refused_with_the_way_to_a_pin(text: str) -> None:
    with pytest.raises(UsageError, match="trust status") as raised:
        parse_pin(text, "puppy.toml:2")
    assert raised.value.location == "puppy.toml:2"
