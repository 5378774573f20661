"""A credential is found in whatever spelling, and where it stands in the text is known."""

from __future__ import annotations

import base64
import bz2
import gzip
import lzma
import re
import zlib
from typing import Any
from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry_tool.security import encodings
from registry_tool.security.encodings import decoded
from registry_tool.security.redact import masked_lines, redact_secrets, secrets_of_file
from tests.security.spelled_texts import _TEXTS, TOKEN, zipped

IN_BASE64 = base64.b64encode(TOKEN.encode()).decode()


SPELLINGS = {
    "yaml": r"\x67" + TOKEN[1:],
    "json": r"\u0067" + TOKEN[1:],
    "json in json": r"\\u0067" + TOKEN[1:],
    "wide": r"\U00000067" + TOKEN[1:],
    "octal": r"\147" + TOKEN[1:],
    "url": "%67" + TOKEN[1:],
    "html": "&#103;" + TOKEN[1:],
    "folded": TOKEN[:9] + "\\\n      " + TOKEN[9:],
    "base64": IN_BASE64,
    "base64 of several lines": base64.encodebytes(3 * (TOKEN.encode() + b" ")).decode().strip(),
    "base64 for addresses": base64.urlsafe_b64encode(b"\xff\xfe " + TOKEN.encode()).decode(),
    "base64 twice": base64.b64encode(IN_BASE64.encode()).decode(),
    "hexadecimal": TOKEN.encode().hex(),
    "gzip in base64": base64.b64encode(gzip.compress(TOKEN.encode(), mtime=0)).decode(),
    "UTF-16 in base64": base64.b64encode(TOKEN.encode("utf-16")).decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_spelling_is_replaced_whole_and_nothing_beside_it(spelling: str) -> None:
    text = f"one: two\nthree: '{SPELLINGS[spelling]}' # four"
    assert redact_secrets(text) == "one: two\nthree: '[SECRET]' # four"
    (found, *_) = secrets_of_file(text.encode())
    assert (found[0].line, found[0].column) == (2, 9)
    assert bool(found[1])
    lines = masked_lines(text)
    assert len(lines) == len(text.splitlines())
    assert [len(line) for line in lines] == [len(line) for line in text.splitlines()]


def test_a_line_break_before_it_does_not_hide_it() -> None:
    assert redact_secrets('"a\\n' + TOKEN + '"') == '"a\\n[SECRET]"'


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_zeros_between_do_not_hide_it(encoding: str) -> None:
    ((secret, how),) = secrets_of_file(f"a\nb {TOKEN}\n".encode(encoding))
    assert (secret.line, how) == (2, "UTF-16")


@pytest.mark.parametrize(
    "text",
    [
        "sha256:" + "0123456789abcdef" * 4,
        base64.b64encode(b"\x89PNG\r\n" + bytes(range(256)) * 9).decode(),
        r"a \d+\n regular \x41 expression \\u4f60",
        "https://example.com/a%20very%2Flong/path/that/is/no/secret/at/all",
    ],
)
def test_honest_text_stays(text: str) -> None:
    assert redact_secrets(text) == text
    assert list(secrets_of_file(text.encode())) == []


def test_a_digit_before_hexadecimal_hides_nothing() -> None:
    hidden = b"token=ghp_0123456789".hex()
    for before in ("", "a", "ab", "abc"):
        found = [layer.text for layer in decoded(f"x = {before}{hidden} ")]
        assert any("token=ghp_0123456789" in text for text in found), before


PACKED = [gzip.compress, zlib.compress, bz2.compress, lzma.compress, zipped]


@pytest.mark.parametrize("before", ["x" * 40, "ghp_" + "x" * 36 + "\nH4sI" + "a" * 30, "eJw" * 20])
@pytest.mark.parametrize("packed", [bytes, *PACKED])
def test_a_line_of_the_same_alphabet_above_does_not_hide_it(packed: object, before: str) -> None:
    assert callable(packed)
    word = base64.b64encode(packed(b"key: " + TOKEN.encode())).decode()
    found = [secret.kind for secret, _ in secrets_of_file(f"{before}\n{word}\n".encode())]
    assert "GitHub Token" in found, found


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("glued", ["docs/data/of-mine_", "abc", "1f8b08", "0123456789abcdef" * 2])
def test_what_is_packed_is_found_behind_what_is_glued_to_it(packed: object, glued: str) -> None:
    assert callable(packed)
    data = packed(b"key: " + TOKEN.encode())
    for word in (base64.b64encode(data).decode(), data.hex()):
        assert list(secrets_of_file(f"{glued}{word}\n".encode())), (glued, word[:12])


_BASE64 = re.compile(
    r"(?:[A-Za-z0-9+/_-]{40,}(?:[ \t]*(?:\\n|\r?\n)[ \t]*[A-Za-z0-9+/_-]{4,})*|[A-Za-z0-9+/_-]{20,})={0,2}"
)


_HEX = re.compile(r"[0-9a-fA-F]{32,}")


@given(_TEXTS)
@example("a" * 40 + "\\n" + "b" * 3 + "c" * 20)
def test_runs_are_those_of_the_expressions(text: str) -> None:
    def result(data: bytes, encoding: str, span: encodings.Span, *_: object) -> list[Any]:
        return [(encoding, span, data)]

    with mock.patch.object(encodings, "_inside", result):
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


def test_a_file_of_bombs_has_an_end() -> None:
    bomb = base64.b64encode(gzip.compress(bytes(2**16)))
    found = secrets_of_file(b"key: " + TOKEN.encode() + b"\n" + b" ".join([bomb] * 9))
    with mock.patch.object(encodings, "MOST_OF_A_FILE", 2**18):
        assert next(found)[1] == ""
        with pytest.raises(encodings.TooMuchError):
            list(found)
