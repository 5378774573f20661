"""Access tokens: what counts, and every trick that must not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from registry_tool.security.keys import KeyRing, parse_ring, spelled
from registry_tool.security.tokens.access_token import (
    LEEWAY,
    SECONDS,
    AccessClaims,
    BadTokenError,
    issue,
    verify_access,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OLD, NEW = (1, bytes(range(32))), (2, bytes(range(100, 132)))
RING = parse_ring(spelled([OLD]), "registry")
ROTATED = parse_ring(spelled([NEW, OLD]), "registry")
ISSUER = "https://registry.example.com"
CLAIMS = AccessClaims("0123456789abcdef", 7)


def private(ring: KeyRing) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(ring.newest.derive("tokens"))


def payload(**more: Any) -> dict[str, Any]:
    at = int(NOW.timestamp())
    usual = {"iss": ISSUER, "aud": ISSUER, "sub": "7", "sid": CLAIMS.session, "jti": "1"}
    return {**usual, "iat": at, "exp": at + SECONDS, **more}


def forged(claims: dict[str, Any], head: dict[str, Any] | None = None, key: Any = None) -> str:
    head = {"typ": "at+jwt", "kid": RING.newest.id, **(head or {})}
    return jwt.encode(claims, key or private(RING), "EdDSA", head)


def b64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def refused(token: str, ring: KeyRing = RING, issuer: str = ISSUER, now: datetime = NOW) -> str:
    with pytest.raises(BadTokenError) as caught:
        verify_access(ring, issuer, token, now)
    return str(caught.value)


def test_a_token_says_who_comes_until_it_expires() -> None:
    token = issue(RING, ISSUER, CLAIMS, NOW)
    assert verify_access(RING, ISSUER, token, NOW) == CLAIMS
    end = NOW + timedelta(seconds=SECONDS + LEEWAY)
    assert verify_access(RING, ISSUER, token, end) == CLAIMS
    assert refused(token, now=end + timedelta(seconds=1)) == "it has expired"
    assert refused(token, now=NOW - timedelta(hours=1)) == "it counts later"


def test_a_key_is_rotated_with_overlap() -> None:
    before, after = (issue(ring, ISSUER, CLAIMS, NOW) for ring in (RING, ROTATED))
    assert verify_access(ROTATED, ISSUER, before, NOW) == CLAIMS
    assert verify_access(ROTATED, ISSUER, after, NOW) == CLAIMS
    alone = parse_ring(spelled([NEW]), "registry")
    assert refused(before, alone) == "no key of this registry signed it"


def test_another_registrys_token_counts_for_nothing() -> None:
    other = parse_ring(spelled([(1, bytes(range(50, 82)))]), "registry")
    assert "no key" in refused(issue(other, ISSUER, CLAIMS, NOW))
    same_key = issue(RING, "https://other.example.com", CLAIMS, NOW)
    assert "registry" in refused(same_key) or "issued" in refused(same_key)
    assert refused(forged(payload(aud="https://other.example.com"))) == "it is for another registry"
    assert refused(forged(payload(iss="https://other.example.com"))) == "another one issued it"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_no_signature_is_no_signature(algorithm: str) -> None:
    head = {"alg": algorithm, "typ": "at+jwt", "kid": RING.newest.id}
    assert refused(f"{b64(head)}.{b64(payload())}.")
    good = issue(RING, ISSUER, CLAIMS, NOW)
    assert refused(".".join([b64(head), *good.split(".")[1:]]))


def test_a_public_key_is_no_shared_secret() -> None:
    """HS256 with the public key's bytes: the confusion of algorithms (RFC 8725, 2.1)."""
    public = private(RING).public_key()
    for secret in (
        public.public_bytes(Encoding.Raw, PublicFormat.Raw),
        RING.newest.id.encode() * 2,
    ):
        head = {"typ": "at+jwt", "kid": RING.newest.id}
        assert refused(jwt.encode(payload(), secret, "HS256", head))


@pytest.mark.parametrize(
    "head",
    [{"jku": "https://evil.example/keys"}, {"x5u": "https://evil.example/c"}, {"jwk": {"kty": "OKP"}},
     {"x5c": ["MII"]}, {"crit": ["exp"]}, {"kid": "../../../dev/null"}, {"kid": "' OR 1=1 --"},
     {"kid": ""}, {"typ": "JWT"}, {"typ": "id_token+jwt"}],
)  # fmt: skip
def test_a_head_names_no_key_of_its_own(head: dict[str, Any]) -> None:
    evil = Ed25519PrivateKey.generate()
    assert refused(forged(payload(), head, evil))
    assert refused(forged(payload(), head))


@pytest.mark.parametrize(
    "claims",
    [{"exp": "tomorrow"}, {"exp": True}, {"iat": None}, {"sub": "ada"}, {"sub": 7}, {"sid": 5},
     {"nbf": int(NOW.timestamp()) + 3600}, {"aud": []}],
)  # fmt: skip
def test_odd_claims_are_refused(claims: dict[str, Any]) -> None:
    assert refused(forged(payload(**claims)))


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
def test_every_claim_must_be_there(missing: str) -> None:
    claims = {key: value for key, value in payload().items() if key != missing}
    assert refused(forged(claims))


def test_a_changed_token_is_refused_and_not_repeated() -> None:
    head, body, signature = issue(RING, ISSUER, CLAIMS, NOW).split(".")
    other = b64(payload(sub="1"))
    assert refused(f"{head}.{other}.{signature}") == "its signature is wrong"
    for junk in (
        "",
        ".",
        "..",
        "a.b.c",
        "é",
        "x" * 10_000,
        f"{head}.{body}",
        f"{head}..{signature}",
    ):
        words = refused(junk)
        assert not junk or junk == "." or junk not in words or len(junk) < 3
