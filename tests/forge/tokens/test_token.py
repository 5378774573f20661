"""Hosts as they are compared, and a secret that nothing shows."""

from __future__ import annotations

import traceback

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.forge.tokens.token import HostToken, checked_secret, forge_of_api, host_of

SECRET = "gho_0123456789abcdefghij"


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("github.com", "github.com"),
        ("GitHub.com.", "github.com"),
        ("https://github.com/ada/registry", "github.com"),
        ("https://github.example:8443", "github.example:8443"),
        ("https://github.example:443", "github.example"),
        ("http://127.0.0.1:8000", "127.0.0.1:8000"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("https://api.registry.example", "api.registry.example"),
    ],
)
def test_a_host(written: str, host: str) -> None:
    assert host_of(written) == host


@pytest.mark.parametrize(
    "written",
    ["", "https://", "a b", "x_y/z", "https://h:99999999", "../up", "https://ada:pw-1234@h"],
)
def test_what_names_no_host(written: str) -> None:
    with pytest.raises(UsageError) as refused:
        host_of(written)
    assert "pw-1234" not in str(refused.value)


@pytest.mark.parametrize(
    ("api", "host"),
    [
        ("https://api.github.com", "github.com"),
        ("https://api.octo.ghe.com", "octo.ghe.com"),
        ("https://github.example/api/v3", "github.example"),
        ("https://api.evil.example", "api.evil.example"),
        ("https://api.github.com.evil.example", "api.github.com.evil.example"),
    ],
)
def test_the_forge_of_an_api(api: str, host: str) -> None:
    assert forge_of_api(api) == host


def test_a_token_is_never_shown() -> None:
    token = HostToken("github.com", "a test", SECRET)
    shown = [repr(token), str(token), f"{token}", f"{token!r}", repr([token])]
    try:
        raise ValueError(token)
    except ValueError:
        shown.append(traceback.format_exc())
    assert [text for text in shown if SECRET in text] == []


@pytest.mark.parametrize("text", ["", "  ", "two words", f"{SECRET}\nmore", "ключ", "x" * 5000])
def test_what_is_not_a_token_is_not_repeated(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        checked_secret(text, "PUPPY_TOKEN")
    assert SECRET not in str(refused.value)
    assert refused.value.location == "PUPPY_TOKEN"


def test_a_line_end_is_not_part_of_a_token() -> None:
    assert checked_secret(f"{SECRET}\r\n") == SECRET
