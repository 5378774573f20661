"""Runs and escapes: the quick way finds what one expression after the other finds."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

from hypothesis import example, given
from hypothesis import strategies as st

from registry_tool.security import encodings
from registry_tool.security.runs import CharacterRuns, plain_ascii

_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/_-]{40,}(?:[ \t]*(?:\\n|\r?\n)[ \t]*[A-Za-z0-9+/_-]{4,})*|[A-Za-z0-9+/_-]{20,})={0,2}"
)
_HEX = re.compile(r"[0-9a-fA-F]{32,}")

_ESCAPES = [
    "\\x41",
    "\\\\x41",
    "\\u0041",
    "\\U00000041",
    "\\101",
    "\\n",
    "\\/",
    "%41",
    "&#65;",
    "&#x41;",
]
_PIECES = st.one_of(
    st.sampled_from(
        [*_ESCAPES, "\\\n  ", "\\\r\n\t\\", "\\", "&#", "%", "\n", " ", '"', "=", "é", "\ud800"]
    ),
    st.text("AZaz09+/_-", min_size=1, max_size=45),
    st.text("abcdef0123456789", min_size=1, max_size=45),
    st.text(min_size=1, max_size=30).map(
        lambda text: base64.b64encode(text.encode("utf-8", "replace")).decode()
    ),
    st.sampled_from(["\\x41", "a b ", "\n", "0" * 40]).flatmap(
        lambda unit: st.integers(1, 300).map(lambda times: unit * times)
    ),
)
_TEXTS = st.lists(_PIECES, max_size=10).map("".join)


@given(_TEXTS)
@example("a" * 40 + "\\n" + "b" * 3 + "c" * 20)
def test_runs_are_those_of_the_expressions(text: str) -> None:
    def told(data: bytes, encoding: str, span: encodings.Span, *_: object) -> list[Any]:
        return [(encoding, span, data)]

    with mock.patch.object(encodings, "_inside", told):
        layers: list[Any] = list(encodings.decoded(text))
    spans = list(dict.fromkeys((encoding, span) for encoding, span, _ in layers))
    runs = [("base64", match.span()) for match in _BASE64.finditer(text)]
    digits = [
        (at, match.end() - (match.end() - at) % 2)
        for match in _HEX.finditer(text)
        for at in (match.start(), match.start() + 1)
    ]
    assert spans == [*runs, *(("hexadecimal digits", span) for span in digits)]
    assert layers[len(layers) - len(digits) :] == [
        ("hexadecimal digits", span, bytes.fromhex(text[slice(*span)])) for span in digits
    ]


@given(st.binary(max_size=200))
def test_words_are_those_of_the_expression(data: bytes) -> None:
    words = re.findall(rb"[\t\n\r\x20-\x7e]{12,}", data)
    assert encodings._words(data) == b"\n\n".join(words).decode()


@given(st.binary(max_size=80), st.sampled_from([b"ab", b"\x00", bytes(range(0x20, 0x7F))]))
def test_a_run_is_the_longest(data: bytes, alphabet: bytes) -> None:
    pattern = re.compile(b"[" + re.escape(alphabet) + b"]{3,}")
    assert list(CharacterRuns(alphabet, 3).spans(data)) == [
        m.span() for m in pattern.finditer(data)
    ]
    assert CharacterRuns(alphabet, 3).any_in(data) == bool(pattern.search(data))


@given(st.text())
def test_places_stay_in_plain_ascii(text: str) -> None:
    plain = plain_ascii(text)
    assert len(plain) == len(text)
    assert all(
        now == was or (now == "?" and not was.isascii())
        for now, was in zip(plain, text, strict=True)
    )


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Every escape is looked at, one after the other."""
    start = end = -1
    for match in encodings._ESCAPE.finditer(text):
        if start >= 0 and match.start() > end:
            yield start, end
            start = -1
        if start < 0:
            start = encodings._word_start(text, match.start())
        if match.end() + encodings._AROUND > end:
            end = encodings._word_end(text, match.end())
    if start >= 0:
        yield start, end


@given(_TEXTS)
def test_escapes_are_undone_as_one_after_the_other(text: str) -> None:
    plain = [
        encodings._ESCAPE.sub(encodings._said, text[start:end]) for start, end in _stretches(text)
    ]
    assert [layer.text for layer in encodings.unescaped(text)] == plain
