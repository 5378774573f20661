"""Where a phone number ends, and how often the metadata is asked."""

from __future__ import annotations

import pytest

from registry_tool.security.pii.phones import Judging, phone_finder


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+86 154 0000 0000 and", "+86 154 0000 0000"),
        ("154 0000 0000", "154 0000 0000"),
        ("154-000-00000", "154-000-00000"),
        ("+44 20 7946 0958 12", "+44 20 7946 0958"),  # the group behind it is not of the number
        ("+49 (0) 30 901820", "+49 (0) 30 901820"),
        ("0044 20 7946 1958", "0044 20 7946 1958"),
        ("(010) 6552-9988 转 123", "(010) 6552-9988 转 123"),
        ("010-6552-9988 ext. 7", "010-6552-9988 ext. 7"),
        ("(415) 103-2671", ""),
        ("(415) 853-2671", "(415) 853-2671"),
        ("415-853-2671", "415-853-2671"),
        ("4158532671", ""),
        ("+999 20 7946 0958", ""),
        ("+2024-01-01 12:00", ""),
        ("15400000000.5", ""),
        ("154000000001", ""),
        ("words", ""),
        ("", ""),
    ],
)
def test_a_number_ends_where_its_form_does(text: str, number: str) -> None:
    assert text[: phone_finder()(text, 0)] == number


def test_a_number_is_looked_for_where_it_is_asked_for() -> None:
    text = "call 154 0000 0000"
    assert phone_finder()(text, 5) == len(text)
    assert phone_finder()(text, 0) == 0


def test_a_spelling_is_judged_once_and_a_bound_is_reported() -> None:
    judging = Judging(1)
    end_of = phone_finder(judging)
    first, other = "(415) 853-2671", "(415) 853-2672"
    text = f"{first} {first} {other}"
    assert [end_of(text, 0), end_of(text, len(first) + 1)] == [len(first), 2 * len(first) + 1]
    assert (judging.left, judging.unjudged) == (0, -1)
    assert end_of(text, at := text.index(other)) == 0
    assert judging.unjudged == at


def test_without_a_bound_all_are_judged() -> None:
    judging = Judging()
    end_of = phone_finder(judging)
    assert all(end_of(f"(415) 853-26{n:02}", 0) for n in range(30))
    assert judging.unjudged == -1
