"""Access tokens: JWTs (RFC 9068) that the registry signs with Ed25519 and nobody else reads.

A token says who issued it and for whom, so that another registry's counts for nothing here. Which key and which
algorithm check it is never the token's choice: `kid` picks among the keys at hand; whatever else in its head
names a key (`jku`, `jwk`, `x5u`, `x5c`, `crit`) refuses it (RFC 8725).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, cast

from registry_tool.core.records import Record
from registry_tool.security.keys import EnvironmentKey, KeyRing

SECONDS: Final = 600
"""How long a token counts."""
LEEWAY: Final = 30
"""Seconds by which two machines' clocks may differ."""
LONGEST: Final = 8192
"""Characters of a token that are looked at."""
_ALGORITHM: Final = "EdDSA"
_TYPE: Final = "at+jwt"
_CLAIMS: Final = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")
_HEAD: Final = frozenset({"alg", "typ", "kid"})


class BadTokenError(Exception):
    """A token that counts for nothing; says why in words that repeat nothing of it."""


class AccessClaims(Record, frozen=True):
    """What an access token says: the session that it belongs to, and the person's numeric id."""

    session: str
    person: int


def issue(
    ring: KeyRing,
    issuer: str,
    claims: AccessClaims,
    now: datetime,
    random: Callable[[int], bytes] = os.urandom,
) -> str:
    """A token of the ring's newest key that counts from now on for `SECONDS`."""
    import jwt

    at = int(now.timestamp())
    payload = {
        "iss": issuer,
        "aud": issuer,
        "sub": str(claims.person),
        "sid": claims.session,
        "jti": random(12).hex(),
        "iat": at,
        "exp": at + SECONDS,
    }
    head = {"typ": _TYPE, "kid": ring.newest.id}
    return jwt.encode(payload, _private(ring.newest), _ALGORITHM, head)


def verify_access(ring: KeyRing, issuer: str, token: str, now: datetime) -> AccessClaims:
    """What a token says; `BadTokenError` where it isn't one of this registry's that counts now.

    Any key of the ring may have signed it: those of a key that was changed count until they expire.
    """
    import jwt

    key = ring.get(str(_head(token).get("kid", "")))
    if key is None:
        raise BadTokenError("no key of this registry signed it")
    try:
        claims = jwt.decode(
            token,
            _private(key).public_key(),
            algorithms=[_ALGORITHM],
            audience=issuer,
            issuer=issuer,
            options={"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False},
        )
    except jwt.PyJWTError as error:
        raise BadTokenError(_reason(error)) from None
    demand_current(claims, now)
    return _claims(claims)


def _claims(claims: dict[str, Any]) -> AccessClaims:
    person, session = claims["sub"], claims["sid"]
    if not (isinstance(person, str) and person.isdecimal() and isinstance(session, str)):
        raise BadTokenError("it names no person")
    return AccessClaims(session, int(person))


def _head(token: str) -> dict[str, Any]:
    """The head of a token in which nothing names a key but `kid`."""
    import jwt

    if len(token) > LONGEST:
        raise BadTokenError("it is too long for a token")
    try:
        head = jwt.get_unverified_header(token)
    except jwt.PyJWTError:
        raise BadTokenError("it is not a token") from None
    if head.get("alg") != _ALGORITHM or head.get("typ") != _TYPE or set(head) != _HEAD:
        raise BadTokenError("it is not an access token of a registry")
    return head


def demand_current(claims: dict[str, Any], now: datetime) -> None:
    """That a checked token counts at this moment; its times are numbers."""
    begins = (claims.get("iat", 0), claims.get("nbf", 0))
    ends = claims.get("exp")
    times = (*begins, ends)
    if any(isinstance(one, bool) or not isinstance(one, int | float) for one in times):
        raise BadTokenError("its times are not numbers")
    at = now.timestamp()
    if at > cast(float, ends) + LEEWAY:
        raise BadTokenError("it has expired")
    if at < max(begins) - LEEWAY:
        raise BadTokenError("it counts later")


def _reason(error: Exception) -> str:
    """Words for what the library refuses; its own may repeat what is in the token."""
    import jwt

    for kind, words in (
        (jwt.InvalidAudienceError, "it is for another registry"),
        (jwt.InvalidIssuerError, "another one issued it"),
        (jwt.InvalidSignatureError, "its signature is wrong"),
        (jwt.MissingRequiredClaimError, "it lacks a claim"),
    ):
        if isinstance(error, kind):
            return words
    return "it is not a token of this registry"


def _private(key: EnvironmentKey) -> Any:  # an Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(key.derive("tokens"))
