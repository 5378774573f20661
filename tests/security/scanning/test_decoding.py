"""Texts that are encoded several times come out, with the way there and the place."""

from __future__ import annotations

import pytest

from registry_tool.security.encodings import TooMuchError
from registry_tool.security.scanning import decoding
from registry_tool.security.scanning.decoding import MOST_LEVELS, hidden_texts
from tests.security.scanning.recipes import STEPS

WORDS = "what nobody reads, and more of it, 中文"


def spelled(*steps: str, words: str = WORDS) -> str:
    data = words.encode()
    for step in steps:
        data = STEPS[step](data)
    return data.decode()


@pytest.mark.parametrize(
    "steps",
    [
        ("base64",), ("base64", "base64"), ("gzip", "base64"), ("utf-16", "base64"), ("bzip2", "hexadecimal"),
        ("base64", "percent-all"), ("hexadecimal", "base64", "entities"), ("percent-all", "percent-all"),
    ],
)  # fmt: skip
def test_the_words_come_out_at_their_place(steps: tuple[str, ...]) -> None:
    text = f"# Notes\n\n{spelled(*steps)}\n"
    found = [one for one in hidden_texts(text) if WORDS in one.text]
    assert found
    start = found[0].text.index(WORDS)
    assert found[0].origin((start, start + len(WORDS))) == len("# Notes\n\n")


def test_the_way_is_distinguished_from_the_outside() -> None:
    ways = {one.how for one in hidden_texts(spelled("gzip", "base64")) if WORDS in one.text}
    assert ways == {("base64", "compression")}


def test_what_is_encoded_more_often_than_anybody_looks_stays() -> None:
    deep = spelled(*["base64"] * (MOST_LEVELS + 1))
    assert not [one for one in hidden_texts(deep) if WORDS in one.text]


def test_programs_and_archives_are_named() -> None:
    for step in ("elf", "zip"):
        kinds = {one.program for one in hidden_texts(spelled(step, "base64"))}
        assert len(kinds - {""}) == 1


def test_there_is_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "MOST_BYTES", 1000)
    with pytest.raises(TooMuchError):
        list(hidden_texts("word " * 300))
