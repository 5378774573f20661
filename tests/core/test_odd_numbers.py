"""Hosts that some programs read as an address and others as a name."""

from __future__ import annotations

import pytest

from registry_tool.core.addresses import is_odd_number


@pytest.mark.parametrize(
    "host", ["2130706433", "127.1", "0x7f.1", "0x7f000001", "1.2.3.4.5", "127.1."]
)
def test_what_ends_in_a_number_is_an_odd_address(host: str) -> None:
    assert is_odd_number(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "api.example.com", "4chan.org", "1.example"])
def test_addresses_and_names_are_none(host: str) -> None:
    assert not is_odd_number(host)
