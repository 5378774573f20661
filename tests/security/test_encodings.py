"""A credential is found in whatever spelling, and where it stands in the text is known."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import lzma
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.security.compression import expanded
from registry_tool.security.encodings import decoded
from registry_tool.security.escapes import unescaped
from registry_tool.security.layers import Layer
from registry_tool.security.redact import masked_lines, redact_secrets, secrets_of_file

TOKEN = "ghp_" + "012345678901234567890123456789abcdEF"
IN_BASE64 = base64.b64encode(TOKEN.encode()).decode()


def zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", data)
    return buffer.getvalue()


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


@pytest.mark.parametrize(
    "packed", [gzip.compress, zlib.compress, bz2.compress, lzma.compress, zipped]
)
def test_compressed_files_are_looked_into(packed: object) -> None:
    assert callable(packed)
    content = packed(b"key: " + TOKEN.encode() + b"\n")
    assert [(s.line, how) for s, how in secrets_of_file(content)] == [(0, "compression")]
    assert list(secrets_of_file(packed(b"nothing in here\n"))) == []
    assert list(secrets_of_file(content[:20])) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_zeros_between_do_not_hide_it(encoding: str) -> None:
    ((secret, how),) = secrets_of_file(f"a\nb {TOKEN}\n".encode(encoding))
    assert (secret.line, how) == (2, "UTF-16")


def test_a_bomb_is_expanded_to_its_bound_alone() -> None:
    (data,) = expanded(gzip.compress(bytes(2**26)))
    assert len(data) == 4 * 2**20
    (data,) = expanded(zipped(bytes(2**26)))
    assert len(data) == 4 * 2**20


PARTS = ["a", "\\", "x41", "u0041", "\n", " ", "%41", "&#65;", "n", "é"]


@settings(deadline=None)
@given(st.lists(st.sampled_from(PARTS)))
def test_places_of_an_unescaped_text_are_those_of_the_text(parts: list[str]) -> None:
    text = "".join(parts)
    for layer in unescaped(text):
        check_places(text, layer)


def test_far_apart_escapes_are_looked_at_apart() -> None:
    text = f"{'word ' * 5000}%41b {'word ' * 5000}\\x67{TOKEN[1:]} {'word ' * 5000}"
    layers = list(unescaped(text))
    assert len(layers) == 2
    assert sum(len(layer.text) for layer in layers) < 3_000
    for layer in layers:
        check_places(text, layer)
    assert redact_secrets(text) == text.replace(f"\\x67{TOKEN[1:]}", "[SECRET]")


def check_places(text: str, layer: Layer) -> None:
    for position, character in enumerate(layer.text):
        start, end = layer.origin((position, position + 1))
        assert 0 <= start < end <= len(text)
        assert text[start:end] == character or text[start] in "\\%&"


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
