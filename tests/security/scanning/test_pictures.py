"""A picture is read to its end, and its texts come out."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.pictures import read_picture
from tests.security.scanning.recipes import STEPS

WORDS = b"nobody sees this"


@pytest.mark.parametrize("recipe", ["png", "png-of-noise", "gif", "gif-of-two", "jpeg", "webp"])
def test_a_plain_picture_ends_with_its_file(recipe: str) -> None:
    content = STEPS[recipe](b"")
    picture = read_picture(content)
    assert picture is not None
    assert (picture.end, picture.texts) == (len(content), ())


@pytest.mark.parametrize(
    "recipe", ["png-text", "png-packed-text", "jpeg-comment", "gif-comment", "webp-exif"]
)
def test_texts_come_out(recipe: str) -> None:
    content = STEPS[recipe](WORDS)
    picture = read_picture(content)
    assert picture is not None
    assert picture.end == len(content)
    assert any(WORDS in text for text in picture.texts)


@pytest.mark.parametrize("recipe", ["png-behind", "jpeg-behind", "gif-script", "png-zip"])
def test_what_follows_is_not_the_picture_s(recipe: str) -> None:
    content = STEPS[recipe](WORDS)
    picture = read_picture(content)
    assert picture is not None
    assert 0 < picture.end < len(content)


@pytest.mark.parametrize("recipe", ["png", "jpeg", "gif", "webp"])
def test_a_picture_cut_short_anywhere_is_broken(recipe: str) -> None:
    content = STEPS[recipe](b"")
    for size in range(12, len(content)):
        picture = read_picture(content[:size])
        assert picture is not None
        assert picture.end == 0, size


def test_other_files_are_none() -> None:
    assert read_picture(b"GIF is a format of pictures") is None
    assert read_picture(b"") is None
    assert read_picture(b"RIFF\x24\0\0\0WAVEfmt ") is None
