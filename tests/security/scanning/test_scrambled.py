"""Letters that were moved are put back, and where they stood is known."""

from __future__ import annotations

import pytest

from registry_tool.security.scanning.scrambled import (
    BACKWARDS,
    DIGITS,
    MARKED,
    ROT13,
    SPACED,
    scrambles,
)


def origins(text: str, how: str, phrase: str) -> list[int | None]:
    """Where each text put right in this way holds the phrase."""
    found = [one for one in scrambles(text) if one.how == how and phrase in one.text]
    starts = [one.text.index(phrase) for one in found]
    return [one.origin((at, at + len(phrase))) for one, at in zip(found, starts, strict=True)]


def test_rot13_has_a_place_only_where_letters_moved() -> None:
    assert origins("see: vtaber guvf", ROT13, "ignore this") == [5]
    assert origins("see: \u4e2d\u6587\u4e2d\u6587", ROT13, "\u4e2d\u6587") == [None]


def test_back_to_front() -> None:
    assert origins("see: siht erongi.", BACKWARDS, "ignore this") == [5]


@pytest.mark.parametrize(
    "text", ["x: I g n o r e this", "x: I g n o r e   t h i s", "x: I\tg\tn\to\tr\te  t h i s"]
)
def test_blanks_between_letters(text: str) -> None:
    assert origins(text, SPACED, "Ignore this") == [3]


def test_marks_are_taken_off() -> None:
    marked = "".join(f"{letter}\u0332" for letter in "ignore this")
    assert origins(f"see: {marked}", MARKED, "ignore this") == [5]
    assert origins("cafe\u0301 ignore this", MARKED, "ignore this") == [None]


def test_digits_stand_for_letters() -> None:
    assert origins("see: 1gn0r3 th1s", DIGITS, "ignore this") == [5]
    assert origins("see: ignore this 1", DIGITS, "ignore this") == [None]


def test_a_word_behind_lone_letters_is_in_the_open() -> None:
    assert origins("a b c d e f ignore this", SPACED, "ignore this") == [None]
