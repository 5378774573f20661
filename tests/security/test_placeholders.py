"""What stands where a credential would, and says itself that it is none."""

from __future__ import annotations

import base64
import json
import random

import pytest

from registry_tool.security.placeholders import (
    digest,
    is_documented_sample,
    is_password_placeholder,
    is_placeholder,
)

RANDOM = "pL9xQ2vW7zK4mN8rT1yBcD3f"


@pytest.mark.parametrize(
    "value",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "sk-your-key-here-1234567890",
        "sk-" + "0123" * 8,
    ],
)
def test_a_placeholder(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize("value", [RANDOM, RANDOM.lower(), f"ghp_{RANDOM}0a1B2c3D4e5F"])
def test_what_may_be_a_credential(value: str) -> None:
    assert not is_placeholder(value)
    assert not is_password_placeholder(value)


def token(claims: dict[str, object]) -> str:
    """A JSON web token without a right signature."""
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    said = [base64.urlsafe_b64encode(json.dumps(p, separators=(",", ":")).encode()) for p in parts]
    signature = base64.urlsafe_b64encode(random.Random(7).randbytes(32))  # noqa: S311 - nobody's
    return ".".join(part.decode().rstrip("=") for part in (*said, signature))


def test_the_web_token_of_every_manual_is_known_by_its_claims() -> None:
    shown = token({"sub": "1234567890", "name": "John Doe", "iat": 1516239022})
    assert is_documented_sample(shown)
    assert not is_documented_sample(token({"sub": "8731", "name": "Ada", "iat": 1516239022}))
    assert not is_documented_sample(shown.partition(".")[0])
    assert not is_documented_sample("a.eyJ?.c")


def test_a_documented_sample_is_known_by_its_digest() -> None:
    shown = base64.b64encode(b"Aladdin:open sesame").decode()  # RFC 7617
    assert is_documented_sample(shown)
    assert not is_documented_sample(shown[1:])
    assert digest("abc").startswith("ba7816bf")  # FIPS 180-4
    assert digest("\ud800") != digest("?")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "''",
        "hunter2",
        "Password",
        "p@ss",
        "$DB_PASSWORD",
        "${PW}",
        "%PW%",
        "<pw>",
        "xxx",
        "aabb",
        "db_password",
        "client_secret",
        "API_KEY",
        "your-own",
        "…",
    ],
)
def test_a_password_that_manuals_show(value: str) -> None:
    assert is_password_placeholder(value)


@pytest.mark.parametrize("value", ["Sommer2026!", "tr0ub4dor&3", "correct horse"])
def test_a_password_that_somebody_made_up(value: str) -> None:
    assert not is_password_placeholder(value)
