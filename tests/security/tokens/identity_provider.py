"""An identity provider of the tests' own: keys, and tokens signed by them; no real one issues for a test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from registry_tool.core.http import Answer, Ask

ISSUER = "https://login.example.com"


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


KEYS: Mapping[str, tuple[Any, str]] = {
    "rsa": (rsa_key, "RS256"),
    "ec": (ec_key, "ES256"),
    "ed": (ed_key, "EdDSA"),
}


def jwks() -> list[Any]:
    """The public keys, by the names of `KEYS`."""
    made = (
        {**RSAAlgorithm.to_jwk(rsa_key().public_key(), as_dict=True), "kid": "rsa", "use": "sig"},
        {**ECAlgorithm.to_jwk(ec_key().public_key(), as_dict=True), "kid": "ec", "alg": "ES256"},
        {**OKPAlgorithm.to_jwk(ed_key().public_key(), as_dict=True), "kid": "ed"},
    )
    return list(made)


def claims(now: datetime, **more: Any) -> dict[str, Any]:
    """Of Ada, for this registry's client."""
    at = int(now.timestamp())
    usual = {
        "iss": ISSUER,
        "aud": "puppy-cli",
        "sub": "00u1",
        "iat": at,
        "exp": at + 300,
        "jti": "1",
    }
    return {**usual, **more}


def token(fields: dict[str, Any], kid: str = "rsa", **head: Any) -> str:
    """Signed by the key of that name."""
    key, algorithm = KEYS[kid]
    return jwt.encode(fields, key(), algorithm, {"kid": kid, **head})


class Provider:
    """Answers like the provider's own server; `asked` are the addresses."""

    def __init__(self, issuer: str = ISSUER) -> None:
        self.issuer, self.asked = issuer, list[str]()
        self.keys: Any = jwks()
        self.about: dict[str, Any] = {"issuer": issuer, "jwks_uri": f"{issuer}/keys"}
        self.status = 200

    def __call__(self, ask: Ask) -> Answer:
        self.asked.append(ask.url)
        value = {"keys": self.keys} if ask.url.endswith("/keys") else self.about
        return Answer(self.status, {}, json.dumps(value).encode())
