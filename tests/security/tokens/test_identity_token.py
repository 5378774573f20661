"""Identity tokens of providers: what counts, and every trick that must not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from registry_tool.security.tokens.access_token import BadTokenError
from registry_tool.security.tokens.identity_token import issuer_of, kid_of, verify_identity
from tests.security.tokens.identity_provider import ISSUER, KEYS, claims, jwks, rsa_key, token

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def refused(text: str, keys: list[Any] | None = None, now: datetime = NOW) -> str:
    with pytest.raises(BadTokenError) as caught:
        verify_identity(text, jwks() if keys is None else keys, ISSUER, "puppy-cli", now)
    return str(caught.value)


@pytest.mark.parametrize("kid", KEYS)
def test_the_providers_keys_of_each_kind_check_its_tokens(kid: str) -> None:
    made = token(claims(NOW), kid)
    assert (issuer_of(made), kid_of(made)) == (ISSUER, kid)
    assert verify_identity(made, jwks(), ISSUER, "puppy-cli", NOW)["sub"] == "00u1"
    assert refused(made, now=NOW + timedelta(hours=1)) == "it has expired"
    assert refused(made, now=NOW - timedelta(hours=1)) == "it counts later"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"aud": "another-app"}, "somebody else"),
        ({"aud": ["puppy-cli", "another-app"]}, "somebody else, too"),
        ({"aud": ["puppy-cli", "another-app"], "azp": "another-app"}, "somebody else, too"),
        ({"iss": "https://evil.example"}, "another one"),
        ({"exp": int(NOW.timestamp()) + 10**7}, "too long"),
        ({"exp": "never"}, "wrong"),
        ({"sub": 5}, "wrong"),
        ({"nbf": int(NOW.timestamp()) + 900}, "later"),
    ],
)
def test_claims_of_others_are_refused(more: dict[str, Any], expected: str) -> None:
    words = refused(token(claims(NOW, **more)))
    assert expected in words or "numbers" in words or "another one" in words


@pytest.mark.parametrize("name", ["iss", "aud", "sub", "iat", "exp"])
def test_every_claim_must_be_there(name: str) -> None:
    result = {key: value for key, value in claims(NOW).items() if key != name}
    assert refused(token(result))


def test_no_signature_and_no_shared_secret() -> None:
    good = token(claims(NOW))
    _, body, signature = good.split(".")
    for algorithm in ("none", "None", "", "HS256"):
        raw = json.dumps({"alg": algorithm, "kid": "rsa"}).encode()
        head = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
        assert refused(f"{head}.{body}.")
        assert refused(f"{head}.{body}.{signature}")
    pem = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signer = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    raw = json.dumps({"alg": "HS256", "kid": "rsa", "typ": "JWT"}).encode()
    head = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    mac = (
        base64.urlsafe_b64encode(signer.sign(f"{head}.{body}".encode(), pem)).rstrip(b"=").decode()
    )
    assert refused(f"{head}.{body}.{mac}") == "its algorithm is not one of the key's"


def test_a_token_leads_to_no_key_of_its_own() -> None:
    evil = rsa.generate_private_key(65537, 2048)
    own = RSAAlgorithm.to_jwk(evil.public_key(), as_dict=True)
    for head in (
        {"kid": "rsa", "jwk": own}, {"kid": "evil", "jku": "https://evil.example/keys"},
        {"kid": "rsa", "x5u": "https://evil.example"}, {"kid": "../../keys"}, {"kid": ""}, {},
    ):  # fmt: skip
        assert refused(jwt.encode(claims(NOW), evil, "RS256", head))
    assert refused(token(claims(NOW), crit=["exp"]))


def test_keys_that_are_not_for_this_are_not_used() -> None:
    (public, *_) = jwks()
    made = token(claims(NOW))
    assert refused(made, [{**public, "use": "enc"}])
    assert refused(made, [{**public, "alg": "PS256"}])
    assert refused(made, [{**public, "kty": "oct", "k": "AAAA"}])
    assert refused(made, [{"kid": "rsa", "kty": "RSA"}])
    assert refused(made, ["rsa", None, {}]) == "none of the provider's keys signed it"


def test_what_is_no_token_is_refused_without_repeating_it() -> None:
    for junk in ("", "a.b.c", "é.é.é", "x" * 9000, "[" * 4000):
        with pytest.raises(BadTokenError):
            issuer_of(junk)
