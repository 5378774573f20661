"""Addresses with credentials: never shown, said to their own host only."""

from __future__ import annotations

import pytest

from registry_tool.core.urls import (
    holds_credentials,
    is_web_address,
    same_place,
    split_credentials,
    without_credentials,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ada:s3cret@example.com/x", "https://***@example.com/x"),
        ("look at http://token@h:8000/a?b and go on", "look at http://***@h:8000/a?b and go on"),
        ("https://a:p@ss@example.com/", "https://***@example.com/"),
        ("https://example.com/@scope", "https://example.com/@scope"),
        ("https://example.com?mail=a@b.c", "https://example.com?mail=a@b.c"),
        ("HTTPS://u:p@h/", "HTTPS://***@h/"),
        ("ada@example.com", "ada@example.com"),
    ],
)
def test_an_address_is_shown_without_its_user(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


def test_a_user_becomes_a_header() -> None:
    found = split_credentials("https://Aladdin:open%20sesame@example.com:8443/x")
    basic = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="  # RFC 7617, section 2
    assert found == ("https://example.com:8443/x", {"Authorization": basic})
    assert split_credentials("https://example.com/x") == ("https://example.com/x", {})


def test_which_addresses_hold_some() -> None:
    assert holds_credentials("https://t@example.com")
    assert not holds_credentials("https://example.com/t@x")
    assert is_web_address("HTTP://x")
    assert not is_web_address("ftp://x")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "http://u:p@A.example.:80/%78/", True),
        ("https://a.example/x", "https://a.example/y", False),
        ("https://a.example:8443", "https://a.example", False),
        ("https://[::1", "https://[::1", True),
        ("https://[::1", "https://[::2", False),
        ("folder", "./folder", False),
    ],
)
def test_one_place_however_it_is_spelt(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) is same
