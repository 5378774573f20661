"""Whether what looks like a credential is one."""

from __future__ import annotations

import base64
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.security import credential_checks as checks
from registry_tool.security.credential_checks import entropy, has_right_checksum, is_guessable
from registry_tool.security.credential_kinds.kind import Check
from tests.marks import expanded
from tests.security.recogniser_corpora import labelled

LONG = "pL9xQ2vW7zK4mN8rT1yBcD3f"


@pytest.mark.parametrize("value", ["Sommer2026!", "a" * 80, f"postgres://ada:{LONG}@db/x"])
def test_a_guessable_value(value: str) -> None:
    assert is_guessable(value)


def test_a_value_that_nobody_guesses() -> None:
    assert not is_guessable(LONG)


KINDS = labelled("secrets/kinds.txt")


@pytest.mark.parametrize(
    ("token", "right"),
    [
        ("<<join npm_ aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1BLrIE>>", False),
        ("ghp_short", False),
    ],
)
def test_a_wrong_checksum_is_seen(token: str, right: bool) -> None:
    assert has_right_checksum(expanded(token)) is right


def test_a_right_checksum_makes_a_placeholder_a_token() -> None:
    tokens = [text for name, text in KINDS if name == "npm bare"]
    assert all(has_right_checksum(token) for token in tokens)


def check(of: Check, value: str, before: str = "", after: str = "") -> bool:
    """What a check says of a value in a text."""
    return of(before + value + after, len(before), len(before) + len(value), value)


@given(st.text("abcd", min_size=1, max_size=40))
def test_entropy_is_shannons(value: str) -> None:
    shares = [n / len(value) for n in Counter(value).values()]
    assert entropy(value) == pytest.approx(-sum(p * math.log2(p) for p in shares), abs=1e-9)


@pytest.mark.parametrize(
    ("of", "value", "is_one"),
    [
        (checks.digits, "token5", True),
        (checks.digits, "token", False),
        (checks.mixed, "aB1", True),
        (checks.mixed, "ab1", False),
        (checks.holds("ID"), "anIDx", True),
        (checks.holds("ID"), "anidx", False),
        (checks.dense, LONG, True),
        (checks.dense, "1" + "a" * 30, False),
        (checks.dense, "pLxQvWzKmNrTyBcDf", False),  # no digit
        (checks.random_value, LONG, True),
        (checks.random_value, "release-2024-01-15-notes", False),
        (checks.random_value, "5500e840-e29b-4113-a171-912345678abc", True),
        (checks.random_value, "g7$Kq!2x-9Zp#4w", True),
        (checks.random_value, "aaaaaaaaaaaaaaaaaa12", False),
        (checks.password, "Sommer2026!", True),
        (checks.password, "hunter2", False),
        (checks.encoded_pair, base64.b64encode(b"ada:Sommer2026!").decode(), True),
        (checks.encoded_pair, base64.b64encode(b"ada:password").decode(), False),
        (checks.encoded_pair, base64.b64encode(b"no colon here").decode(), False),
        (checks.encoded_pair, base64.b64encode(b"\xff\xfe:Sommer").decode(), False),
        (checks.encoded_pair, "a", False),
        (checks.jwt, base64.urlsafe_b64encode(b'{"alg":"HS256"}').decode() + ".x.y", True),
        (checks.jwt, "glued" + base64.urlsafe_b64encode(b'{"alg":"none"}').decode() + ".x", True),
        (checks.jwt, "eyJub3QganNvbg.x.y", False),
        (checks.jwt, "nothing.x.y", False),
    ],
)
def test_a_value_is_one_or_not(of: Check, value: str, is_one: bool) -> None:
    assert check(of, value) is is_one


def test_a_call_is_no_value() -> None:
    assert check(checks.random_value, LONG, "key = ", "\n")
    assert not check(checks.random_value, LONG, "key = ", "(x)")


@pytest.mark.parametrize(
    ("after", "is_one"),
    [(r"\nMIIEvQIBADANBgkqhkiG9w0B", True), ("\n...\n", False), ("\n<your key>", False)],
)
def test_a_private_key_has_a_body(after: str, is_one: bool) -> None:
    assert check(checks.private_key, "BEGIN KEY", "-----", f"-----{after}"[5:]) is is_one


@pytest.mark.parametrize(
    ("before", "value", "after", "is_one"),
    [
        ("Server=db;User Id=ada;Password=", "Sommer2026!", ";", True),
        ("jdbc:x://db?user=ada&password=", "Sommer2026!", "", True),
        ("Server=db;User Id=ada;Password=", "hunter2", ";", False),
        ("the password is ", "Sommer2026!", ";", False),
        ("Server=db\nPassword=", "Sommer2026!", ";", False),  # another line's
    ],
)
def test_a_password_stands_among_a_connections_parts(
    before: str, value: str, after: str, is_one: bool
) -> None:
    assert check(checks.connection, value, before, after) is is_one
