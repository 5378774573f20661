"""Payment cards, bank accounts, Chinese resident ids: each ends where its form ends, with a right check digit.

A function takes a text and a start, and gives the end, or 0 where there is none.
"""

from __future__ import annotations

import re
from functools import cache

END = r"(?![0-9A-Fa-f]|\.\d)"
"""A number ends before anything but a digit, a fraction or what may be the rest of a hash."""
_GAP = r"[ ._-]{1,3}"
_CARDS = tuple(  # undivided, as embossed (4-4-4-4, 4-6-5, 6-13), and 4-4-4-4 with a rest
    re.compile(form + END, re.ASCII)
    for form in (
        r"[2-6]\d{12,18}",
        rf"[2-6]\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{1,4}}",
        rf"[2-6]\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{1,3}}",
        rf"[2-6]\d{{3}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}",
        rf"[2-6]\d{{5}}{_GAP}\d{{13}}",
    )
)
_GLUED_CARD = re.compile(r"(?:4\d{15}|5[1-5]\d{14}|62\d{14}|3[47]\d{13})(?=\d)", re.ASCII)
# https://en.wikipedia.org/wiki/Payment_card_number: Visa, Mastercard (two), American Express, Discover with
# UnionPay and JCB, Diners Club; each with its lengths.
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"(?:6011|65\d\d|62\d\d|35\d\d)\d{12,15}|3[068]\d{12}(?:\d{2,5})?",
    re.ASCII,
)
_DIGITS = re.compile(r"\d{1,40}", re.ASCII)
_MOST_GLUED = 26  # digits: more are a fingerprint or a modulus
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_RESIDENT_ID = re.compile(  # GB 11643-1999
    rf"{_PROVINCE}(?:[ -]{{0,2}}\d){{4}}(?:[ -]{{0,2}}\d){{11}}[ -]{{0,2}}[\dXx]", re.ASCII
)
_OLD_RESIDENT_ID = re.compile(  # 15 digits, without a century and a check digit
    rf"{_PROVINCE}\d{{4}}[ -]{{0,2}}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]{{0,2}}\d{{3}}{END}",
    re.ASCII,
)
_SEPARATORS = re.compile(r"[ ._-]")


def card_end(text: str, start: int) -> int:
    """A card's number; at either end of a longer run of digits, only the commonest issuers'."""
    for form in _CARDS:
        if (match := form.match(text, start)) and is_card(_SEPARATORS.sub("", match[0])):
            return match.end()
    match = _GLUED_CARD.match(text, start)
    return match.end() if match and _short_run(text, start) and is_card(match[0]) else 0


def is_card(digits: str) -> bool:
    """An issuer's prefix and length, and a right check digit (Luhn)."""
    from stdnum import luhn

    return bool(_ISSUED.fullmatch(digits)) and luhn.is_valid(digits)


def _short_run(text: str, start: int) -> bool:
    match = _DIGITS.match(text, start)
    return match is not None and match.end() - start < _MOST_GLUED


def resident_id_end(text: str, start: int) -> int:
    """An id of 18 characters, also in groups, and with digits glued to its end."""
    match = _RESIDENT_ID.match(text, start)
    if not match:
        return 0
    number = re.sub("[ -]", "", match[0]).upper()
    if number[6:8] not in {"18", "19", "20"}:
        return 0  # the century, before the library's costly look at the whole
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
    match = _OLD_RESIDENT_ID.match(text, start)
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
