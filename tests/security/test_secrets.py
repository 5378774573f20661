"""Credentials are found wherever they stand, and pointed at."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from registry_tool.security.credential_kinds.all_kinds import ALL_KINDS
from registry_tool.security.credential_kinds.kind import CredentialKind
from registry_tool.security.secrets import Secret, _is_sound, _Match, _matches, secrets_in, spans_in
from tests.security.recogniser_corpora import labelled, lines

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
def test_line_column_and_kind_are_reported_and_never_the_value(kind: str) -> None:
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
        "AKIA is not a key, ghp_ neither",
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


_TEXTS = [*(text for _, text in labelled("secrets/kinds.txt")), *lines("secrets/harmless.txt")]


_MARKS = sorted({mark for kind in ALL_KINDS for mark in (*kind.marks, *kind.starts)})


_PIECES = st.one_of(
    st.sampled_from(_TEXTS),
    st.sampled_from(_TEXTS).map(str.swapcase),
    st.sampled_from(_MARKS),
    st.sampled_from([" ", "=", ": ", '"', "\n", "é", "İ", "\u212a", "\ud800", "dd", "A" * 21]),
    st.text("abcdefABCDEF0123456789_-", min_size=1, max_size=64),
)


def compiled(kind: CredentialKind) -> re.Pattern[str]:
    return re.compile(kind.pattern, re.ASCII | (re.IGNORECASE if kind.folded else 0))


_PATTERNS = [compiled(kind) for kind in ALL_KINDS]


def slowly(text: str) -> set[_Match]:
    """All that the patterns find and the checks pass."""
    found = set()
    for number, pattern in enumerate(_PATTERNS):
        group = 1 if pattern.groups else 0
        for match in pattern.finditer(text):
            start, end = match.span(group)
            found.add(_Match(start, ALL_KINDS[number].guess, number, end, match[group]))
    return {match for match in found if _is_sound(match, text)}


@given(st.lists(_PIECES, max_size=8).map("".join))
@example("Xghp_" + "a1" * 18)
def test_the_quick_way_finds_what_each_pattern_finds(text: str) -> None:
    text = f"{text} {'x' * 16}"
    found = [match for match in _matches(text) if _is_sound(match, text)]
    assert len(set(found)) == len(found)
    assert set(found) == slowly(text)


def test_what_a_pattern_matches_holds_a_mark_and_begins_with_a_start() -> None:
    shown = set()
    for text in _TEXTS:
        for match in slowly(text):
            shown.add(match.number)
            where = text.lower() if match.kind.folded else text
            assert any(mark in where for mark in match.kind.marks), text
            assert not match.kind.starts or any(mark in where for mark in match.kind.starts), text
    assert len(shown) > 0.9 * len(ALL_KINDS)
