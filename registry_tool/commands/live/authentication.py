"""Who asks: what came in `Authorization`, looked up and checked. Nothing here depends on a web framework."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import RegistryError
from registry_tool.security.keys import EnvironmentKeyError
from registry_tool.security.tokens.access_token import BadTokenError, verify_access
from registry_tool.security.tokens.opaque import read_opaque
from registry_tool.security.tokens.principal import ANONYMOUS, Principal
from registry_tool.state.branches import StateLocation
from registry_tool.state.tokens.registry_key import REGISTRY_KEY, registry_ring
from registry_tool.state.tokens.store import AccessStore

_AGAIN: Final = "run `puppy-cli login` again, or ask an admin for a new key"


class UnauthenticatedError(RegistryError):
    """Nobody who is known asks; says why in words that repeat nothing of what they came with."""


@dataclass(frozen=True)
class Authentication:
    """Knows those who come with an API key or an access token of the registry that calls itself `issuer`."""

    store: Callable[[], AccessStore]
    issuer: str
    clock: Clock = SystemClock()  # noqa: RUF009 - it has no state

    def principal(self, header: str) -> Principal:
        """Who comes with an `Authorization` header, nobody for an empty one; else `UnauthenticatedError`."""
        if not header:
            return ANONYMOUS
        scheme, _, text = header.partition(" ")
        if scheme.lower() != "bearer" or not text.strip():
            raise UnauthenticatedError(
                "the header Authorization holds no bearer token", hint="write `Bearer TOKEN`"
            )
        try:
            return self._known(text.strip())
        except BadTokenError as error:
            raise UnauthenticatedError(f"the token doesn't count: {error}", hint=_AGAIN) from None

    def _known(self, text: str) -> Principal:
        now = self.clock.now()
        if key := read_opaque("key", text):
            stored = self.store().key(key.id)
            if stored is None or not key.is_of(stored.sha256):
                raise BadTokenError("no such key is known")
            _demand_counts(stored.revoked, stored.expires, now)
            return stored.principal
        if read_opaque("refresh", text):
            raise BadTokenError("a refresh token is only for getting an access token")
        store = self.store()
        claims = verify_access(store.ring, self.issuer, text, now)
        session = store.session(claims.session)
        if session is None or session.person != claims.person:
            raise BadTokenError("its session is gone")
        _demand_counts(session.revoked, session.expires, now)
        return session.principal


def _demand_counts(revoked: str, expires: str, now: datetime) -> None:
    if revoked:
        raise BadTokenError("it was revoked")
    if expires and datetime.fromisoformat(expires) <= now:
        raise BadTokenError("it has expired")


class LazyStore:
    """The registry's `AccessStore`, opened when somebody first comes with a token; several threads may ask it."""

    def __init__(self, location: StateLocation, environ: Mapping[str, str] = os.environ) -> None:
        self._location, self._environ = location, environ
        self._lock = Lock()
        self._store: AccessStore | None = None

    def __call__(self) -> AccessStore:
        """The store; `UnauthenticatedError` where this process has no key to check tokens with."""
        with self._lock:
            if self._store is None:
                try:
                    ring = registry_ring(self._location, self._environ)
                except EnvironmentKeyError as error:
                    raise UnauthenticatedError(
                        "this server can't check tokens: the registry's key isn't there",
                        hint=f"its operator brings it in {REGISTRY_KEY}",
                    ) from error
                self._store = AccessStore(self._location, ring)
            return self._store
