"""Providers' keys: fetched from where they say, kept, asked for anew where one is missing; nothing unsafe."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.commands.account.provider_keys import (
    AGAIN,
    KEPT,
    IdentityProviderError,
    ProviderKeys,
)
from tests.security.tokens.identity_provider import ISSUER, Provider


def test_keys_are_kept_and_asked_for_where_one_is_missing() -> None:
    provider, ticks = Provider(), [0.0]
    keys = ProviderKeys(provider, lambda: ticks[0])
    for _ in range(3):
        assert len(keys.of(ISSUER, "rsa")) == 3
    assert provider.asked == [f"{ISSUER}/.well-known/openid-configuration", f"{ISSUER}/keys"]
    for _ in range(50):  # a flood of made-up names is not a flood for the provider
        keys.of(ISSUER, "made-up")
    assert len(provider.asked) == 2
    ticks[0] = AGAIN
    keys.of(ISSUER, "made-up")
    assert len(provider.asked) == 4
    ticks[0] = AGAIN + KEPT
    keys.of(ISSUER, "rsa")
    assert len(provider.asked) == 6


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"issuer": "https://evil.example"}, "something else"),
        ({"jwks_uri": "http://evil.example/keys"}, "no safe address"),
        ({"jwks_uri": "file:///etc/passwd"}, "no safe address"),
        ({"jwks_uri": None}, "no safe address"),
    ],
)
def test_what_a_provider_may_not_say(about: dict[str, Any], expected: str) -> None:
    provider = Provider()
    provider.about |= about
    with pytest.raises(IdentityProviderError, match=expected):
        ProviderKeys(provider).of(ISSUER, "rsa")


def test_a_provider_that_is_down_is_said_to_be() -> None:
    provider = Provider()
    provider.status = 503
    with pytest.raises(IdentityProviderError, match="503"):
        ProviderKeys(provider).of(ISSUER, "rsa")
    provider.status, provider.keys = 200, "none"
    with pytest.raises(IdentityProviderError, match="can't be read"):
        ProviderKeys(provider).of(ISSUER, "rsa")
