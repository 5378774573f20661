"""Identity tokens (OpenID Connect): what a provider says of somebody, checked by the provider's own keys.

The key is one that the configured provider publishes, by the token's `kid`; the algorithm is one of its kind.
Nothing in a token's head leads anywhere else, and no shared secret ever checks one (RFC 8725).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast

from registry_tool.core.values import Object, Value
from registry_tool.security.tokens.access_token import LONGEST, BadTokenError, demand_current

_BY_KIND: Final[dict[str, frozenset[str]]] = {
    "RSA": frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}),
    "EC": frozenset({"ES256", "ES384", "ES512"}),
    "OKP": frozenset({"EdDSA"}),
}
_LEAST_RSA: Final = 2048
_REQUIRED: Final = ["iss", "aud", "sub", "iat", "exp"]
_LONGEST_LIFE: Final = 24 * 3600
Keys = list[Value]
"""The member `keys` of a provider's JWKS."""


def issuer_of(token: str) -> str:
    """Whom a token names as its issuer, so that one can look whether that is a provider; nothing is checked."""
    import jwt

    _head(token)
    try:
        claims = jwt.decode(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise BadTokenError("it is not a token") from None
    found = claims.get("iss")
    return found.rstrip("/") if isinstance(found, str) else ""


def kid_of(token: str) -> str:
    """The name of the key that a token says it is signed by; empty for none."""
    return str(_head(token).get("kid", ""))


def verify_identity(
    token: str, keys: Keys, issuer: str, audience: str, now: datetime
) -> dict[str, Any]:
    """The claims of a token; `BadTokenError` where it isn't the issuer's, for that audience, and of now."""
    import jwt

    head = _head(token)
    algorithm = str(head.get("alg", ""))
    key = _key(keys, str(head.get("kid", "")), algorithm)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=audience,
            options={
                "require": _REQUIRED,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.InvalidAudienceError:
        raise BadTokenError("it is for somebody else") from None
    except jwt.PyJWTError:
        raise BadTokenError("its signature or its claims are wrong") from None
    if str(claims["iss"]).rstrip("/") != issuer:
        raise BadTokenError("another one issued it")
    _demand_single_audience(claims, audience)
    demand_current(claims, now)
    if claims["exp"] - claims["iat"] > _LONGEST_LIFE:
        raise BadTokenError("it counts for too long to prove who is there now")
    return claims


def _demand_single_audience(claims: dict[str, Any], audience: str) -> None:
    """A token for several must name who asked for it (OpenID Connect Core, 3.1.3.7): others could hand it on."""
    given = claims["aud"]
    if isinstance(given, list) and len(given) > 1 and claims.get("azp") != audience:
        raise BadTokenError("it is for somebody else, too")


def _head(token: str) -> dict[str, Any]:
    import jwt

    if len(token) > LONGEST:
        raise BadTokenError("it is too long for a token")
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise BadTokenError("it is not a token") from None
    if "crit" in head:
        raise BadTokenError("it asks for what isn't known here")
    return head


def _key(keys: Keys, kid: str, algorithm: str) -> Any:  # a key of `cryptography`
    """The provider's key of that name, for an algorithm of its kind."""
    import jwt

    for jwk in keys:
        if not isinstance(jwk, dict) or jwk.get("kid") != kid or not kid:
            continue
        kind = str(jwk.get("kty", ""))
        allowed = _BY_KIND.get(kind, frozenset())
        if algorithm not in allowed or jwk.get("alg", algorithm) != algorithm or not _signs(jwk):
            raise BadTokenError("its algorithm is not one of the key's")
        try:
            key = jwt.PyJWK(cast(dict[str, Any], jwk), algorithm).key
        except (jwt.PyJWTError, ValueError):
            raise BadTokenError("the provider's key can't be read") from None
        if kind == "RSA" and key.key_size < _LEAST_RSA:
            raise BadTokenError("the provider's key is too short")
        return key
    raise BadTokenError("none of the provider's keys signed it")


def _signs(key: Object) -> bool:
    return key.get("use", "sig") == "sig" and "d" not in key
