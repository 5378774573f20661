"""Payment cards, bank accounts, Chinese resident ids: each ends where its form ends, with a right check digit.

A function takes a text and a start, and gives the end, or 0 where there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial

from registry_tool.core.patterns import compiled_once

END = r"(?![0-9A-Fa-f]|\.\d)"
"""A number ends before anything but a digit, a fraction or what may be the rest of a hash."""
_GAP = r"[ ._-]{1,3}"
_CARD_FORMS = (  # undivided, as embossed (4-4-4-4, 4-6-5, 6-13), and 4-4-4-4 with a rest
    r"[2-6]\d{12,18}",
    rf"[2-6]\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{1,4}}",
    rf"[2-6]\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{1,3}}",
    rf"[2-6]\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}",
    rf"[2-6]\d{{5}}{_GAP}\d{{13}}",
)
CARD_FORM = "|".join(_CARD_FORMS)
"""What every card looks like; its end, issuer and check digit are another matter."""
_ANY_CARD = compiled_once(CARD_FORM, re.ASCII)
_CARDS = tuple(re.compile(form + END, re.ASCII) for form in _CARD_FORMS)
_GLUED_CARD = compiled_once(r"(?:4\d{15}|5[1-5]\d{14}|62\d{14}|3[47]\d{13})(?=\d)", re.ASCII)
# https://en.wikipedia.org/wiki/Payment_card_number: Visa, Mastercard (two), American Express, Discover with
# UnionPay and JCB, Diners Club; each with its lengths.
_ISSUED = compiled_once(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"(?:6011|65\d\d|62\d\d|35\d\d)\d{12,15}|3[068]\d{12}(?:\d{2,5})?",
    re.ASCII,
)
_DOUBLED = str.maketrans("0123456789", "0246813579")  # and of two digits the sum
_DIGITS = re.compile(r"\d{1,40}", re.ASCII)
_MOST_GLUED = 26  # digits: more are a fingerprint or a modulus
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_ID_GAP = "[ -]{0,2}"
RESIDENT_ID_FORM = (  # GB 11643-1999: a county, a birth date, a number, a check digit
    rf"{_PROVINCE}(?:{_ID_GAP}\d){{4}}{_ID_GAP}(?:1{_ID_GAP}[89]|2{_ID_GAP}0)(?:{_ID_GAP}\d){{2}}"
    rf"{_ID_GAP}[01]{_ID_GAP}\d{_ID_GAP}[0-3](?:{_ID_GAP}\d){{4}}{_ID_GAP}[\dXx]"
)
OLD_RESIDENT_ID_FORM = (  # 15 digits, without a century and a check digit
    rf"{_PROVINCE}\d{{4}}[ -]{{0,2}}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]{{0,2}}\d{{3}}"
)
_RESIDENT_ID = compiled_once(RESIDENT_ID_FORM, re.ASCII)
_OLD_RESIDENT_ID = compiled_once(OLD_RESIDENT_ID_FORM + END, re.ASCII)
_SEPARATORS = re.compile(r"[ ._-]")


def card_finder() -> Callable[[str, int], int]:
    """A function that tells where a card's number ends; it judges each number once."""
    return partial(_card_end, cache(is_card))


def _card_end(is_card: Callable[[str], bool], text: str, start: int) -> int:
    """A card's number; at either end of a longer run of digits, only the commonest issuers'."""
    if not _ANY_CARD().match(text, start):
        return 0
    for form in _CARDS:
        if (match := form.match(text, start)) and is_card(_SEPARATORS.sub("", match[0])):
            return match.end()
    match = _GLUED_CARD().match(text, start)
    return match.end() if match and _short_run(text, start) and is_card(match[0]) else 0


def is_card(digits: str) -> bool:
    """An issuer's prefix and length, and a right check digit (Luhn)."""
    return bool(_ISSUED().fullmatch(digits)) and has_luhn_digit(digits)


def has_luhn_digit(digits: str) -> bool:
    """Whether the last digit is right (ISO/IEC 7812-1, annex B).

    stdnum's takes any alphabet, and ten times as long; files hold lists of cards.
    """
    doubled = digits[-2::-2].translate(_DOUBLED)
    return sum(map(int, digits[-1::-2] + doubled)) % 10 == 0


def _short_run(text: str, start: int) -> bool:
    match = _DIGITS.match(text, start)
    return match is not None and match.end() - start < _MOST_GLUED


def resident_id_end(text: str, start: int) -> int:
    """An id of 18 characters, also in groups, and with digits glued to its end."""
    match = _RESIDENT_ID().match(text, start)
    if not match:
        return 0
    number = re.sub("[ -]", "", match[0]).upper()
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    try:  # not `validate`: its list of counties lacks some that ids still name
        ric.get_birth_date(number)
    except ValidationError:
        return 0
    sound = ric.calc_check_digit(number) == number[-1]
    return match.end() if sound and re.match(r"(?![A-Fa-f]|\.\d)", text[match.end() :][:2]) else 0


def old_resident_id_end(text: str, start: int) -> int:
    """An id of 15 digits, as they were given out until 1999."""
    match = _OLD_RESIDENT_ID().match(text, start)
    return match.end() if match else 0


def iban_end(text: str, start: int) -> int:
    """An account's number in either case, also in groups."""
    pattern = _iban_pattern(text[start : start + 2].upper())
    match = pattern.match(text, start) if pattern else None
    if not match:
        return 0
    from stdnum import iban

    # A country's own list of banks may be older than the account.
    number = _SEPARATORS.sub("", match[0]).upper()
    return match.end() if iban.is_valid(number, check_country=False) else 0


@cache
def _iban_pattern(country: str) -> re.Pattern[str] | None:
    """An IBAN of a country: each has one length, so that the words after it are not taken for its end."""
    if not (country.isascii() and country.isalpha()):
        return None
    from stdnum import numdb

    form = numdb.get("iban").info(country)[0][1].get("bban", "")
    length = sum(int(number) for number in re.findall(r"(\d+)!", form))
    pattern = rf"{country}\d\d(?:[ .-]{{0,2}}[A-Z0-9]){{{length}}}(?!\w|\.\d)"
    return re.compile(pattern, re.ASCII | re.IGNORECASE) if length else None
