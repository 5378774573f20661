"""Credentials are found wherever they stand, and pointed at."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.security.secrets import Secret, secrets_in, spans_in

TOKEN = "ghp_" + "a1B2" * 9
KEYS = {
    "OpenAI key": "sk-" + "proj-" + "a1" * 20,
    "Stripe Access Key": "sk_live_" + "a1" * 12,
    "OpenAI-style key": "sk-" + "a1B2" * 8,
    "GitHub token": "github_" + "pat_" + "a1" * 12,
    "Google API key": "AI" + "za" + "a1B2_" * 7,
    "Hugging Face token": "hf_" + "a1" * 16,
    "GitHub Token": TOKEN,
    "AWS Access Key": "AKIA" + "ABCDEFGHIJKLMNOP",
}


@pytest.mark.parametrize("kind", KEYS)
def test_line_column_and_kind_are_told_and_never_the_value(kind: str) -> None:
    text = f"é: 1\n  key: {KEYS[kind]}\n"
    assert list(secrets_in(text.encode())) == [Secret(2, 8, kind)]


def test_one_finding_a_line() -> None:
    text = f"{TOKEN} {TOKEN}\nnothing\n{TOKEN}"
    assert [secret.line for secret in secrets_in(text.encode())] == [1, 3]


def test_a_private_key_is_found_by_its_head() -> None:
    head = "-----BEGIN RSA " + "PRIVATE KEY-----"
    (secret,) = secrets_in(f"a\n{head}\nabc".encode())
    assert (secret.line, secret.kind) == (2, "Private Key")


@pytest.mark.parametrize(
    "key",
    [
        "sk-" + "a1" * 10 + "T3Blbk" + "FJ" + "a1" * 10,
        "sk-" + "svc-" + "a1" * 10 + "T3Blbk" + "FJ" + "a1" * 10 + "_-more",
        "x_sk-" + "proj-" + "a-1_" * 12 + "a1" * 10 + "T3Blbk" + "FJ" + "a1" * 37,
    ],
)
def test_all_of_openais_keys(key: str) -> None:
    (secret,) = secrets_in(key.encode())
    assert secret.kind.startswith("OpenAI")
    ((_, end),) = spans_in(f"{key} more")
    assert end == len(key)


@pytest.mark.parametrize("before", [0, 5_980, 7_999, 15_980, 19_970, 20_001, 35_999, 123_456])
def test_a_long_line_hides_nothing(before: int) -> None:
    """A compiled workflow or a recorded answer is one line; so is what an attacker pads with blanks."""
    text = "y " * (before // 2) + TOKEN + " z" * 20_000
    start = 2 * (before // 2)
    assert list(secrets_in(text.encode())) == [Secret(1, start + 1, "GitHub Token")]
    assert list(spans_in(text)) == [(start, start + len(TOKEN))]


def test_binary_files_are_read_too() -> None:
    assert [s.line for s in secrets_in(b"\xff\xfe\0\n" + TOKEN.encode() + b"\0\xff")] == [2]


def test_a_private_key_is_a_span_to_its_end_or_to_the_texts() -> None:
    head, tail = "-----BEGIN EC " + "PRIVATE KEY-----", "-----END EC " + "PRIVATE KEY-----"
    whole = f"{head}\nabc\n{tail}"
    assert list(spans_in(f"a {whole} b")) == [(2, 2 + len(whole))]
    assert list(spans_in(f"a {head}\nabc")) == [(2, 2 + len(f"{head}\nabc"))]


@pytest.mark.parametrize(
    "text",
    [
        "sk-learn and a task-force",
        "AKIA is no key, ghp_ neither",
        "sha256:" + "0123456789abcdef" * 4,
        "https://example.com/a/very/long/path/that/is/no/secret/at/all",
        "hf_short and hf_" + "a-b-" * 12,
        "",
    ],
)
def test_honest_text_passes(text: str) -> None:
    assert list(secrets_in(text.encode())) == []
    assert list(spans_in(text)) == []


PARTS = st.lists(st.sampled_from([*KEYS.values(), "word", "\n", " ", "x" * 30, "é"]), max_size=6)


@settings(max_examples=40)
@given(PARTS)
def test_spans_are_in_order_apart_and_cover_every_finding(parts: list[str]) -> None:
    text = " ".join(parts)
    spans = list(spans_in(text))
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    lines = text.splitlines(keepends=True)
    for secret in secrets_in(text.encode()):
        at = sum(map(len, lines[: secret.line - 1])) + secret.column - 1
        assert any(start <= at < end for start, end in spans)
