"""Personal data in text: payment cards, bank accounts, resident ids, e-mail addresses, phone numbers.

Numbers with a check digit are believed only if it is right, and they go before phone numbers. Every
expression reads a bounded piece from a bounded number of starts, so that a text costs what its length says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

Kind = Literal["card", "iban", "cn-resident-id", "phone", "email"]

MASKS: Final[dict[Kind, str]] = {
    "iban": "[IBAN]",
    "cn-resident-id": "[ID]",
    "card": "[CARD]",
    "email": "[EMAIL]",
    "phone": "[PHONE]",
}


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Where personal data stands in a text, from 0, `end` exclusive, and what it is."""

    start: int
    end: int
    kind: Kind


# Letters and digits are ASCII ones everywhere: Chinese text goes up to a number without a blank.
_AFTER_MASK = "".join(rf"(?<!{re.escape(mask)})" for mask in MASKS.values())  # mask() twice = once
_STARTS = re.compile(  # not inside a word, a hash or a fraction; right after \n or \u4f60 of a JSON string
    rf"(?=\+|(?<!\d\.)\d|[A-Z]{{2}}\d\d)(?:(?<!\w)|(?<=\\[nrt])|(?<=\\u[0-9a-fA-F]{{4}})){_AFTER_MASK}",
    re.ASCII,
)
_END = r"(?!\w|\.\d)"
_NUMBER = re.compile(r"[+\d](?:[ ()-]{0,2}\d){8}", re.ASCII)  # most files hold none
_TAKEN = "\uffff"  # never a character; stands for what an earlier kind took

_CARDS = tuple(  # undivided, as embossed (4-4-4-4, 4-6-5, 6-13), and the same with a rest
    re.compile(form + _END, re.ASCII)
    for form in (
        r"[2-6]\d{12,18}",
        r"[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{1,4}",
        r"[2-6]\d{3}([ -])\d{4}\1\d{4}\1\d{4}\1\d{1,3}",
        r"[2-6]\d{3}([ -])\d{6}\1\d{4,5}",
        r"[2-6]\d{5}[ -]\d{13}",
    )
)
# https://en.wikipedia.org/wiki/Payment_card_number: Visa, Mastercard (two), American Express, Discover with
# UnionPay and JCB, Diners Club; each with its lengths.
_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|"
    r"(?:6011|65\d\d|62\d\d|35\d\d)\d{12,15}|3[068]\d{12}(?:\d{2,5})?",
    re.ASCII,
)
_RESIDENT_ID = re.compile(r"[1-8]\d{5}(?:19|20)\d{9}[\dXx]" + _END, re.ASCII)  # GB 11643-1999
_PHONE = re.compile(  # E.164, but not the date of an added line in a diff; a Chinese mobile number
    r"(?:\+(?!\d{4}-\d\d-\d\d)[1-9](?:[ ()-]{0,2}\d){7,14}|1[3-9]\d[ -]?\d{4}[ -]?\d{4})" + _END,
    re.ASCII,
)
_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"
_DOMAIN = re.compile(r"@((?:[A-Za-z0-9-]{1,63}\.){1,8}([A-Za-z]{2,24}))(?!\w)", re.ASCII)
_JSON_ESCAPE = re.compile(r"[nrt]|u[0-9a-fA-F]{4}")
_FILE_TYPES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp"})  # logo@2x.png


def find_personal_data(text: str) -> Iterator[PersonalData]:
    """Everything in a text that looks like personal data, in order, without overlaps."""
    found: list[PersonalData] = []
    if _NUMBER.search(text):
        starts = [match.start() for match in _STARTS.finditer(text)]
        for kind, end_of in _CHECKED.items():
            text = _take(text, kind, _from(text, starts, end_of), found)
        text = _take(text, "email", _emails(text), found)
        text = _take(text, "phone", _from(text, starts, _phone_end), found)
    else:
        _take(text, "email", _emails(text), found)
    yield from sorted(found, key=lambda item: item.start)


def mask(text: str) -> str:
    """The text with all personal data replaced by its kind: `[CARD]`, `[IBAN]`, `[ID]`, `[PHONE]`, `[EMAIL]`."""
    parts, done = [], 0
    for item in find_personal_data(text):
        parts += [text[done : item.start], MASKS[item.kind]]
        done = item.end
    return "".join([*parts, text[done:]])


def _take(
    text: str, kind: Kind, spans: Iterator[tuple[int, int]], found: list[PersonalData]
) -> str:
    """Note the spans; the text in which later kinds don't see them."""
    parts, done = [], 0
    for start, end in spans:
        found.append(PersonalData(start, end, kind))
        parts += [text[done:start], _TAKEN * (end - start)]
        done = end
    return "".join([*parts, text[done:]]) if done else text


def _from(
    text: str, starts: list[int], end_of: Callable[[str, int], int]
) -> Iterator[tuple[int, int]]:
    done = 0
    for start in starts:
        if start >= done and (end := end_of(text, start)):
            yield start, end
            done = end


def _iban_end(text: str, start: int) -> int:
    pattern = _iban_pattern(text[start : start + 2])
    match = pattern.match(text, start) if pattern else None
    if not match:
        return 0
    from stdnum import iban

    # A country's own list of banks may be older than the account.
    return match.end() if iban.is_valid(match[0], check_country=False) else 0


@cache
def _iban_pattern(country: str) -> re.Pattern[str] | None:
    """An IBAN of a country: each has one length, so that the words after it are not taken for its end."""
    if not (country.isascii() and country.isalpha()):
        return None
    from stdnum import numdb

    form = numdb.get("iban").info(country)[0][1].get("bban", "")
    length = sum(int(number) for number in re.findall(r"(\d+)!", form))
    pattern = rf"{country}\d\d(?: ?[A-Z0-9]){{{length}}}{_END}"
    return re.compile(pattern, re.ASCII) if length else None


def _resident_id_end(text: str, start: int) -> int:
    match = _RESIDENT_ID.match(text, start)
    if not match:
        return 0
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    number = match[0].upper()  # not `validate`: its list of counties lacks some that ids still name
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return 0
    return match.end() if ric.calc_check_digit(number) == number[-1] else 0


def _card_end(text: str, start: int) -> int:
    for form in _CARDS:
        if (match := form.match(text, start)) and _is_card(re.sub("[ -]", "", match[0])):
            return match.end()
    return 0


def _is_card(digits: str) -> bool:
    from stdnum import luhn

    return bool(_ISSUED.fullmatch(digits)) and luhn.is_valid(digits)


def _phone_end(text: str, start: int) -> int:
    match = _PHONE.match(text, start)
    return match.end() if match else 0


_CHECKED: Final[dict[Kind, Callable[[str, int], int]]] = {
    "iban": _iban_end,
    "cn-resident-id": _resident_id_end,
    "card": _card_end,
}


def _emails(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for match in _DOMAIN.finditer(text):
        start = _local_start(text, match.start())
        if start is not None and start >= done and match[2].lower() not in _FILE_TYPES:
            yield start, match.end()
            done = match.end()


def _local_start(text: str, at: int) -> int | None:
    """Where the name before an @ starts, if it is one: at most 64 characters (RFC 5321), no dot at its ends."""
    before = text[max(0, at - 71) : at]
    head = before.rstrip(_LOCAL)
    local = before[len(head) :]
    if head.endswith("\\") and (escape := _JSON_ESCAPE.match(local)):
        local = local[escape.end() :]
    elif head.endswith((_TAKEN, *MASKS.values())):
        return None
    sound = 0 < len(local) <= 64 and local[0] != "." and local[-1] != "."
    return at - len(local) if sound else None
