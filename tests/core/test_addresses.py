"""Addresses that a workflow may talk to: an inner one must not pass, whatever it is wrapped in."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.addresses import Address, is_odd_number, is_public, is_this_machine, literal

PRIVATE = ["10.0.0.1", "172.16.5.4", "192.168.1.1", "100.64.0.1", "192.0.0.192", "168.63.129.16"]
OWN = ["127.0.0.1", "127.255.255.254", "0.0.0.0", "169.254.169.254"]  # noqa: S104 - nobody listens
NOT_FOR_ANYONE = ["224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1"]
INNER_SIX = ["fc00::1", "fec0::1", "3fff::1", "5f00::1", "2001:db8::1", "ff02::1"]
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"]


def wrapped(inner: IPv4Address) -> list[Address]:
    """The ways in which IPv6 spells an IPv4 address."""
    number = int(inner)
    return [
        ip_address(f"::ffff:{inner}"),
        ip_address((0x2002 << 112) | (number << 80) | 1),  # 6to4
        ip_address((0x20010000 << 96) | (0x01020304 << 64) | (number ^ 0xFFFFFFFF)),  # Teredo
        ip_address(f"64:ff9b::{inner}"),  # NAT64
    ]


@pytest.mark.parametrize("text", [*PRIVATE, *OWN, *NOT_FOR_ANYONE])
def test_no_spelling_of_an_inner_address_is_public(text: str) -> None:
    inner = IPv4Address(text)
    assert not is_public(inner)
    assert [address for address in wrapped(inner) if is_public(address)] == []


@pytest.mark.parametrize("text", OWN)
def test_no_spelling_hides_this_machine(text: str) -> None:
    inner = IPv4Address(text)
    assert all(is_this_machine(address) for address in (inner, *wrapped(inner)))


@pytest.mark.parametrize("text", ["::", "::1", "fe80::1", *INNER_SIX])
def test_inner_addresses_of_the_newer_kind(text: str) -> None:
    assert not is_public(ip_address(text))
    assert is_this_machine(ip_address(text)) is (text in {"::", "::1", "fe80::1"})


@pytest.mark.parametrize("text", PUBLIC)
def test_public_ones_are_public(text: str) -> None:
    assert is_public(ip_address(text))
    assert not is_this_machine(ip_address(text))


@given(st.ip_addresses(v=4))
def test_what_is_public_leads_to_no_machine_of_ours(address: IPv4Address) -> None:
    if is_public(address):
        assert not (address.is_private or is_this_machine(address))


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("[fe80::1%eth0]", "fe80::1"),
        ("example.com", None),
        ("2130706433", None),  # a resolver reads it as 127.0.0.1: it is looked up, then judged
        ("0x7f.1", None),
        ("", None),
    ],
)
def test_a_host_that_is_an_address(host: str, wanted: str | None) -> None:
    assert literal(host) == (ip_address(wanted) if wanted else None)


@pytest.mark.parametrize(
    "host", ["2130706433", "127.1", "0x7f.1", "0x7f000001", "1.2.3.4.5", "127.1."]
)
def test_what_ends_in_a_number_is_an_odd_address(host: str) -> None:
    assert is_odd_number(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "api.example.com", "4chan.org", "1.example"])
def test_addresses_and_names_are_none(host: str) -> None:
    assert not is_odd_number(host)
