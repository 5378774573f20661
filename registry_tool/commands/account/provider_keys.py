"""The public keys of identity providers, fetched from where the provider says, kept for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.http import Ask, exchange
from registry_tool.core.values import Object
from registry_tool.forge.github.http import Exchange
from registry_tool.manifest.secret_variables import may_carry_secrets
from registry_tool.security.tokens.identity_token import Keys

KEPT: Final = 600.0
"""Seconds after which keys are asked for again."""
AGAIN: Final = 30.0
"""Seconds before which they are not asked for again, though a token names one that isn't among them."""
_LARGEST: Final = 2**18
_WELL_KNOWN: Final = "/.well-known/openid-configuration"


class IdentityProviderError(RegistryError):
    """A provider can't be asked, or answers with something else than OpenID Connect says."""


class ProviderKeys:
    """By issuer; several threads may ask. `exchange` is the network, `ticks` a clock that never goes back."""

    def __init__(
        self, exchange: Exchange = exchange, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._exchange, self._ticks = exchange, ticks
        self._lock = Lock()
        self._known: dict[str, tuple[float, Keys]] = {}

    def of(self, issuer: str, kid: str) -> Keys:
        """The keys of a provider, asked for anew where `kid` isn't among those that are known."""
        with self._lock:
            fetched, keys = self._known.get(issuer, (0.0, []))
            age = self._ticks() - fetched
            there = any(isinstance(key, dict) and key.get("kid") == kid for key in keys)
            if issuer not in self._known or age >= KEPT or (not there and age >= AGAIN):
                keys = self._fetched(issuer)
                self._known[issuer] = (self._ticks(), keys)
            return keys

    def _fetched(self, issuer: str) -> Keys:
        about = self.about(issuer)
        address = about.get("jwks_uri")
        if not isinstance(address, str) or not may_carry_secrets(address):
            raise IdentityProviderError(
                "the provider names no safe address of its keys", location=issuer
            )
        keys = self._get(address).get("keys")
        if not isinstance(keys, list):
            raise IdentityProviderError("the provider's keys can't be read", location=issuer)
        return keys

    def about(self, issuer: str) -> Object:
        """What a provider says of itself; it must call itself what it is configured as."""
        about = self._get(f"{issuer}{_WELL_KNOWN}")
        if str(about.get("issuer", "")).rstrip("/") != issuer:
            raise IdentityProviderError("the provider calls itself something else", location=issuer)
        return about

    def _get(self, address: str) -> Object:
        ask = Ask(
            "GET",
            address,
            {"accept": "application/json"},
            limit=_LARGEST,
            silence=5.0,
            longest=10.0,
            server="the provider",
        )
        try:
            answer = self._exchange(ask)
            value = parse_json(answer.body, location=address)
        except RegistryError as error:
            raise IdentityProviderError(error.reason, location=address) from None
        if answer.status != 200 or not isinstance(value, dict):
            raise IdentityProviderError(f"the provider answered {answer.status}", location=address)
        return value
