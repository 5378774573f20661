"""Cards, bank accounts and resident ids: each ends where its form ends, with a right check digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from registry_tool.security.pii import numbers
from tests.security.recogniser_corpora import CARD


@given(st.text("0123456789", min_size=1, max_size=19))
def test_a_check_digit_is_right_where_the_library_says_so(digits: str) -> None:
    assert numbers.has_luhn_digit(digits) == luhn.is_valid(digits)


CARD_ENDS = [
    (CARD, len(CARD)),
    (f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:]} and", len(CARD) + 3),
    (f"{CARD}.5", 0),  # a fraction
    (f"{CARD}a", 0),  # may be a hash's beginning
    (CARD[:-1] + str((int(CARD[-1]) + 1) % 10), 0),
    (f"{CARD}123", len(CARD)),  # glued, of a common issuer
    (f"{CARD}{'1' * 12}", 0),  # a modulus
    ("9" + CARD[1:], 0),
]


@pytest.mark.parametrize(("text", "end"), CARD_ENDS)
def test_a_card_ends_with_its_check_digit(text: str, end: int) -> None:
    assert numbers.card_finder()(text, 0) == end
    assert numbers.card_finder()(f"no. {text}", 4) == (end + 4 if end else 0)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("11010519491231002X", 18),
        ("110105 19491231 002x", 20),
        ("11010519491231002X.5", 0),
        ("110105194912310021", 0),  # a wrong check digit
        ("119999199002301233", 0),  # 30 February
        ("19010519491231002X", 0),  # no such province
    ],
)
def test_a_resident_id_names_a_day_and_its_check_digit(text: str, end: int) -> None:
    assert numbers.resident_id_end(text, 0) == end


def test_an_old_resident_id_has_fifteen_digits() -> None:
    assert numbers.old_resident_id_end("110105491231002", 0) == 15
    assert numbers.old_resident_id_end("110105 491231 002,", 0) == 17
    assert numbers.old_resident_id_end("110105491331002", 0) == 0  # no month
    assert numbers.old_resident_id_end("1101054912310021", 0) == 0


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("DE89370400440532013000", 22),
        ("de89 3704 0044 0532 0130 00 und", 27),
        ("DE89370400440532013001", 0),
        ("DE8937040044053201300012", 0),  # longer than a country's are
        ("ZZ82WEST12345698765432", 0),
        ("12", 0),
    ],
)
def test_an_iban_has_its_countrys_length(text: str, end: int) -> None:
    assert numbers.iban_end(text, 0) == end
