"""Personal data in text: payment cards, bank accounts, resident ids, e-mail addresses, phone numbers.

Text is made plain first (`pii/text.py`). Numbers with a check digit are believed only if it is right, and they go
before phone numbers. Every expression reads a bounded piece from a bounded number of starts, so that a text costs
what its length says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from heapq import merge
from operator import attrgetter
from typing import Final, Literal

from registry_tool.core.patterns import compiled_once
from registry_tool.core.records import Record
from registry_tool.security.pii import numbers
from registry_tool.security.pii.mail import addresses
from registry_tool.security.pii.phones import PHONE_FORM, Judging, phone_finder
from registry_tool.security.pii.text import PlainText, plain_text

Kind = Literal["card", "iban", "cn-resident-id", "phone", "email"]
EndOf = Callable[[str, int], int]
"""Where what starts at a place of a text ends; 0 where it is something else."""

MASKS: Final[dict[Kind, str]] = {
    "iban": "[IBAN]",
    "cn-resident-id": "[ID]",
    "card": "[CARD]",
    "email": "[EMAIL]",
    "phone": "[PHONE]",
}


class PersonalData(Record, frozen=True):
    """Where personal data stands in a text, from 0, `end` exclusive, and what it is."""

    start: int
    end: int
    kind: Kind


# Letters and digits are ASCII ones everywhere: Chinese text goes up to a number without a blank.
_AFTER_MASK = "".join(rf"(?<!{re.escape(mask)}.)" for mask in MASKS.values())  # mask() twice = once
_BEHIND_WORD = (  # not inside a hash; right after a word
    r"(?:(?<![a-fA-F].)|(?<=[g-zG-Z][A-Fa-f].)|(?<=[g-zG-Z][A-Za-z][A-Fa-f].))"
)
_BEHIND_DIGIT = r"(?<=\\u[0-9a-fA-F]{4}.)"  # \u4f60 of a JSON string
_AREA = r"\((?:00)?\d{2,4}\)"
_FORMS = "|".join(
    (numbers.CARD_FORM, PHONE_FORM, numbers.RESIDENT_ID_FORM, numbers.OLD_RESIDENT_ID_FORM)
)
# What begins with a class of characters is found many times faster than what begins with a condition, and what
# most digits fail comes next.
_IBANS = compiled_once(
    rf"[A-Za-z](?=[A-Za-z]\d\d)(?:(?<![0-9].){_BEHIND_WORD}|{_BEHIND_DIGIT}){_AFTER_MASK}", re.ASCII
)
_SECOND = r"(?=[0-9]|(?<=\+) |[ .-](?:\(|[2-9]\d\d))"
_NOT_A_FRACTION = r"(?<!\d\.\d)"
_FORM_OF_ONE = rf"{_NOT_A_FRACTION}{_AFTER_MASK}(?:(?<!\()|(?<=(?={_AREA}).))(?<=(?={_FORMS}).)"
_NUMBERS = compiled_once(rf"[+(0-9](?<![0-9].){_SECOND}{_BEHIND_WORD}{_FORM_OF_ONE}", re.ASCII)
_AFTER_ESCAPES = compiled_once(rf"[+(0-9]{_SECOND}{_BEHIND_DIGIT}{_FORM_OF_ONE}", re.ASCII)
_TAIL = compiled_once(  # \d first, for the same reason
    r"\d(?<=\d\d)(?<!\d{9}\d)(?=\d{14,17}[Xx]?(?![0-9A-Za-z]|\.\d))", re.ASCII
)
"""Where a card or an id may stand at the end of a longer run of digits, which is not a fingerprint or modulus."""
_NUMBER = re.compile(  # most files hold none; seven digits behind a plus are a number already
    r"\d(?:[ ()._/-]{0,3}\d){8}|\+(?:[ ()._/-]{0,3}\d){7}", re.ASCII
)
_TAKEN = "\uffff"  # never a character; stands for what an earlier kind took
_BARRIERS = (_TAKEN, *MASKS.values())
_START = attrgetter("start")


def find_personal_data(text: str, judging: Judging | None = None) -> Iterator[PersonalData]:
    """Everything in a text that looks like personal data, in order, without overlaps.

    `judging` bounds how many phone numbers are judged, and tells whether that was met.
    """
    checked, mail, phones = _look(plain_text(text), judging)
    yield from sorted([*checked, *mail, *phones], key=_START)


def checked_and_other(
    text: str, judging: Judging | None = None
) -> tuple[list[PersonalData], Iterator[PersonalData]]:
    """Numbers with a check digit, and what else there is; each in order.

    Phone numbers are judged when their turn comes: who reads a few of them doesn't wait for the rest.
    """
    checked, mail, phones = _look(plain_text(text), judging)
    return sorted(checked, key=_START), merge(mail, phones, key=_START)


def _look(
    plain: PlainText, judging: Judging | None
) -> tuple[list[PersonalData], list[PersonalData], Iterator[PersonalData]]:
    """Numbers with a check digit, addresses, and phone numbers."""
    checked: list[PersonalData] = []
    mail: list[PersonalData] = []
    if not _NUMBER.search(plain.text):
        _take(plain.text, plain, "email", addresses(plain.text, _BARRIERS), mail)
        return checked, mail, iter(())
    starts = _number_starts(plain.text)
    text = _take_checked(plain, starts, checked)
    text = _take(text, plain, "email", addresses(text, _BARRIERS), mail)
    phones = _from(text, starts, phone_finder(judging))
    return checked, mail, _original(plain, "phone", phones)


def _take_checked(plain: PlainText, starts: list[int], found: list[PersonalData]) -> str:
    """Note numbers with a check digit; the text without them."""
    text = plain.text
    with_tails = sorted({*starts, *_starts(_TAIL(), text)})
    passes: tuple[tuple[Kind, list[int], EndOf], ...] = (
        ("iban", _starts(_IBANS(), text), numbers.iban_end),
        ("cn-resident-id", with_tails, numbers.resident_id_end),
        ("card", with_tails, numbers.card_finder()),
        ("cn-resident-id", starts, numbers.old_resident_id_end),
    )
    for kind, locations, end_of in passes:
        text = _take(text, plain, kind, _from(text, locations, end_of), found)
    return text


def mask(text: str) -> str:
    """The text with all personal data replaced by its kind: `[CARD]`, `[IBAN]`, `[ID]`, `[PHONE]`, `[EMAIL]`."""
    while masked := _masked(text):  # what is left beside a mask may be another number
        text = masked
    return text


def _masked(text: str) -> str:
    """The text with what one look finds replaced; empty where it finds nothing."""
    parts, done = [], 0
    for item in find_personal_data(text):
        parts += [text[done : item.start], MASKS[item.kind]]
        done = item.end
    return "".join([*parts, text[done:]]) if parts else ""


def _take(
    text: str,
    plain: PlainText,
    kind: Kind,
    spans: Iterator[tuple[int, int]],
    found: list[PersonalData],
) -> str:
    """Note the spans; the text in which later kinds don't see them."""
    parts, done = [], 0
    for start, end in spans:
        found.append(PersonalData(*plain.original(start, end), kind))
        parts += [text[done:start], _TAKEN * (end - start)]
        done = end
    return "".join([*parts, text[done:]]) if done else text


def _original(
    plain: PlainText, kind: Kind, spans: Iterator[tuple[int, int]]
) -> Iterator[PersonalData]:
    for start, end in spans:
        yield PersonalData(*plain.original(start, end), kind)


def _number_starts(text: str) -> list[int]:
    starts = _starts(_NUMBERS(), text)
    return sorted({*starts, *_starts(_AFTER_ESCAPES(), text)}) if "\\u" in text else starts


def _starts(locations: re.Pattern[str], text: str) -> list[int]:
    return [match.start() for match in locations.finditer(text)]


def _from(
    text: str, starts: list[int], end_of: Callable[[str, int], int]
) -> Iterator[tuple[int, int]]:
    done = 0
    for start in starts:
        if start >= done and text[start] != _TAKEN and (end := end_of(text, start)):
            yield start, end
            done = end
