"""Personal data in text: payment cards, bank accounts, resident ids, e-mail addresses, phone numbers.

Text is made plain first (`pii_text.py`). Numbers with a check digit are believed only if it is right, and they go
before phone numbers. Every expression reads a bounded piece from a bounded number of starts, so that a text costs
what its length says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from registry_tool.security import pii_numbers as numbers
from registry_tool.security.pii_mail import addresses
from registry_tool.security.pii_phones import phone_end
from registry_tool.security.pii_text import plain_text

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
_STARTS = re.compile(  # not inside a hash or a fraction; right after a word, or \n or \u4f60 of a JSON string
    r"(?=\+|\((?:00)?\d{2,4}\)|(?<!\d\.)\d|[A-Za-z]{2}\d\d)"
    rf"(?:(?<![^\W_])|(?<=[g-zG-Z])|(?<=[g-zG-Z][A-Za-z])|(?<=[g-zG-Z][A-Za-z]{{2}})|(?<=\\[nrt])|(?<=\\u[0-9a-fA-F]{{4}})){_AFTER_MASK}",
    re.ASCII,
)
_TAIL = re.compile(r"(?<=\d)(?<!\d{9})(?=\d{15,18}[Xx]?(?![0-9A-Za-z]|\.\d))", re.ASCII)
"""Where a card or an id may stand at the end of a longer run of digits, which is no fingerprint or modulus."""
_NUMBER = re.compile(r"[+\d](?:[ ()._/-]{0,3}\d){8}", re.ASCII)  # most files hold none
_TAKEN = "\uffff"  # never a character; stands for what an earlier kind took
_BARRIERS = (_TAKEN, *MASKS.values())


def find_personal_data(text: str) -> Iterator[PersonalData]:
    """Everything in a text that looks like personal data, in order, without overlaps."""
    plain = plain_text(text)
    found: list[PersonalData] = []
    _find(plain.text, found)
    for item in sorted(found, key=lambda item: item.start):
        yield PersonalData(*plain.original(item.start, item.end), item.kind)


def _find(text: str, found: list[PersonalData]) -> None:
    if not _NUMBER.search(text):
        _take(text, "email", addresses(text, _BARRIERS), found)
        return
    starts = [match.start() for match in _STARTS.finditer(text)]
    ends = {match.start() for match in _TAIL.finditer(text)}
    letters = [start for start in starts if text[start].isalpha()]
    digits = [start for start in starts if not text[start].isalpha()]
    checked = sorted({*digits, *ends})
    text = _take(text, "iban", _from(text, letters, numbers.iban_end), found)
    text = _take(text, "cn-resident-id", _from(text, checked, numbers.resident_id_end), found)
    text = _take(text, "card", _from(text, checked, numbers.card_end), found)
    text = _take(text, "cn-resident-id", _from(text, digits, numbers.old_resident_id_end), found)
    text = _take(text, "email", addresses(text, _BARRIERS), found)
    _take(text, "phone", _from(text, digits, phone_end), found)


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
