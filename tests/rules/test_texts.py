"""What rules on texts look at: every string of a document, and what of a file is text."""

from __future__ import annotations

import codecs

import pytest

from registry_tool.rules.texts import text_of, texts_in


def test_every_string_is_there_with_its_route_keys_too() -> None:
    value = {"a": ["x", {"b": "y"}], "c": 3, "d": None}
    assert list(texts_in(value)) == [
        (("a",), "a"),
        (("a", 0), "x"),
        (("a", 1, "b"), "b"),
        (("a", 1, "b"), "y"),
        (("c",), "c"),
        (("d",), "d"),
    ]


TEXT = "A word, and 你好, and more of it. "


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    ],
)
def test_text_is_read_in_its_encoding(content: bytes) -> None:
    assert text_of("docs/a.dat", content) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_by_its_zeros(encoding: str) -> None:
    content = "plain words \xff".encode(encoding)
    assert text_of("a.dat", content) == "plain words \xff"


def test_a_bad_byte_makes_no_picture_of_a_text_and_a_picture_is_none() -> None:
    assert text_of("a.dat", b"word " * 100 + b"\xff") == "word " * 100 + "\ufffd"
    assert text_of("a.dat", b"\x89PNG\xff\xfe" * 10) is None
    assert text_of("a.MD", b"\xff\xfe\xfd"[1:] * 10) is not None
