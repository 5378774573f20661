"""Letters that look like ASCII's: as what they look like, and in words among ASCII's own."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.lookalikes import as_ascii, mixed_words


@pytest.mark.parametrize("text", ["сору", "ｃｏｐｙ", "𝐜𝐨𝐩𝐲", "ⓒⓞⓟⓨ", "𝓬𝓸𝓹𝔂", "сopу"])
def test_each_style_says_the_same(text: str) -> None:
    assert as_ascii(text) == "copy"
    assert len(as_ascii(text)) == len(text)


@pytest.mark.parametrize(
    "word", ["сurl", "pаypal", "аpprove", "ехес1", "curІ", "pαyload", "ԁelete"]
)
def test_a_word_that_mixes_is_found_with_its_place(word: str) -> None:
    text = f"x {word} y"
    mixed = word.rstrip("1")
    assert list(mixed_words(text)) == [(2, 2 + len(mixed))]


def test_a_word_of_another_script_counts_where_the_text_is_not_in_it() -> None:
    assert list(mixed_words("please сору it")) == [(7, 11)]
    assert list(mixed_words("please сору it, сказал он")) == []
    assert list(mixed_words("Ελλα please")) == []


@pytest.mark.parametrize(
    "text",
    [
        "curl",
        "копия",
        "IT-компанія",
        "PDFка",
        "TNFα",
        "αSyn",
        "NFκB",
        "ρgh",
        "kΩ",
        "ＡＢＣ",
        "naïve",
        "Łódź",
        "ıstanbul",
    ],
)
def test_honest_words_are_none(text: str) -> None:
    assert list(mixed_words(text)) == []
