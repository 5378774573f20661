"""Phone numbers: international ones, Chinese mobiles and landlines, North American ones in their usual form.

A form says where one may stand; Google's metadata (`phonenumbers`) says whether a country has such numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from registry_tool.security.pii.numbers import END

_GAP = r"[ ().\-/]{0,3}"
_INTERNATIONAL_FORM = rf"(?:\+ ?|00)[1-9](?:{_GAP}\d){{6"  # E.164
_CN_MOBILE_FORM = (
    r"(?:\(?(?:00)?86\)?[ -]{0,2})?"
    r"1[3-9]\d(?:[ .-]{0,2}\d{4}[ .-]{0,2}\d{4}|\d[ .-]{1,2}\d{3}[ .-]{1,2}\d{4}|"
    r"[ .-]{1,2}\d{3}[ .-]{1,2}\d{5})"
)
_CN_LANDLINE_FORM = r"\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]{0,2}[2-8]\d{2,3}[ -]?\d{4}"
_NORTH_AMERICAN_FORM = r"(?:1[ .-])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[.-])[2-9]\d\d[ .-]\d{4}"
PHONE_FORM = "|".join(
    (_INTERNATIONAL_FORM + "}", _CN_MOBILE_FORM, _CN_LANDLINE_FORM, _NORTH_AMERICAN_FORM)
)
"""What every phone number looks like, or begins with."""
_INTERNATIONAL = re.compile(  # not the date of an added line in a diff
    rf"(?!\+\d{{4}}-\d\d-\d\d){_INTERNATIONAL_FORM},14}}", re.ASCII
)
_CN_MOBILE = re.compile(_CN_MOBILE_FORM + END, re.ASCII)
_CN_LANDLINE = re.compile(  # with an extension
    rf"({_CN_LANDLINE_FORM})(?:(?: ?转 ?| ?ext\.? ?| ?x ?|-)\d{{1,6}})?{END}", re.ASCII
)
_NORTH_AMERICAN = re.compile(_NORTH_AMERICAN_FORM + END, re.ASCII)
_END = re.compile(END)
_LAST_GROUP = re.compile(r"[ ().\-/]+\d+\Z", re.ASCII)
_MOST_GROUPS = 6


class Judging:
    """How many spellings the metadata may still be asked about (`left`; None: any), some 70 µs each.

    `unjudged` is where the first number began of which it was not asked, -1 where it was asked of all.
    """

    def __init__(self, left: int | None = None) -> None:
        self.left = left
        self.unjudged = -1

    def ask(self, metadata: Callable[..., bool], start: int, *words: str) -> bool:
        """What the metadata says of the number that starts there; no where it may not be asked."""
        if self.left is not None:
            if self.left <= 0:
                self.unjudged = start if self.unjudged < 0 else self.unjudged
                return False
            self.left -= 1
        return metadata(*words)


def phone_finder(judging: Judging | None = None) -> Callable[[str, int], int]:
    """A function that tells where a phone number that starts at a place ends, 0 where there is none.

    It asks the metadata once about each spelling, and remembers that as long as it lives.
    """
    limits, known = judging or Judging(), dict[tuple[str, ...], bool]()

    def ask(metadata: Callable[..., bool], start: int, *words: str) -> bool:
        if words not in known:
            answer = limits.ask(metadata, start, *words)
            if limits.unjudged >= 0:
                return answer  # an answer that was not given is not remembered
            known[words] = answer
        return known[words]

    return partial(_phone_end, partial(ask, _is_possible), partial(ask, _is_valid))


def _phone_end(
    is_possible: Callable[[int, str], bool],
    is_valid: Callable[[int, str, str], bool],
    text: str,
    start: int,
) -> int:
    if match := _CN_MOBILE.match(text, start):
        return match.end()
    if text.startswith(("+", "00"), start):
        return _international_end(is_possible, text, start)
    match = _CN_LANDLINE.match(text, start)
    if match and is_valid(start, match[1], "CN"):
        return match.end()
    match = _NORTH_AMERICAN.match(text, start)
    return match.end() if match and is_valid(start, match[0], "US") else 0


def _international_end(is_possible: Callable[[int, str], bool], text: str, start: int) -> int:
    """The longest number whose country has such a length, of the groups that follow each other."""
    match = _INTERNATIONAL.match(text, start)
    found = match[0] if match else ""
    for _ in range(_MOST_GROUPS):
        end = start + len(found)
        if found and _END.match(text, end) and is_possible(start, found):
            return end
        shorter = _LAST_GROUP.sub("", found)
        if shorter == found:
            return 0
        found = shorter
    return 0


def _is_possible(found: str) -> bool:
    """A country code and a length that it has; behind 00, or as a fraction, a number that is in use."""
    import phonenumbers

    digits = re.sub(r"\D", "", found)
    plus = found.startswith("+")
    try:
        number = phonenumbers.parse("+" + (digits if plus else digits[2:]))
    except phonenumbers.NumberParseException:
        return False
    if not plus:
        return phonenumbers.is_valid_number(number)
    fraction = re.fullmatch(r"\+\d+\.\d+", found) is not None
    return phonenumbers.is_possible_number(number) and not fraction


def _is_valid(found: str, region: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(found, region))
    except phonenumbers.NumberParseException:
        return False
