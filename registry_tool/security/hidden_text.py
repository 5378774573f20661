"""Characters that the eye can't see or that turn the reading direction, where writing doesn't need them.

Sources: Unicode's Default_Ignorable_Code_Point (UAX 44), UTS 51 (emoji), UTS 37 and StandardizedVariants.txt
(variation selectors), RFC 5892 A.1 and A.2 (joiners in Persian and Indic writing), UTR 36 and CVE-2021-42574.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import idna

from registry_tool.core.patterns import compiled_once

_HIDDEN = compiled_once(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Extended_Pictographic of Unicode's emoji-data.txt, and what a keycap stands on.
_PICTOGRAPH = compiled_once(
    "[#*0-9\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_IDEOGRAPH = compiled_once("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_OTHER_BASE = compiled_once(  # Myanmar, mathematical signs, wide punctuation
    "[\u1000-\u109f\u2200-\u22ff\u2a00-\u2aff\ua9e0-\uaa7f\u3000-\u303f\uff00-\uff60]"
)
_MONGOLIAN: Final = re.compile("[\u1820-\u18aa]")
_BRAILLE: Final = re.compile("[\u2801-\u28ff]")
_SKIN: Final = re.compile("[\U0001f3fb-\U0001f3ff]")
_FLAGS = compiled_once(
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|"
    "\U000e0077\U000e006c\U000e0073)\U000e007f"
)  # England, Scotland, Wales: the three that UTS 51 recommends
_EMOJI_STYLE = "\ufe0f"
_AROUND = 40  # characters before and after that decide about one
_MOST_VARIANTS = 64
"""Ideographs in a text that may name their variant: a name has one or two, a hidden message many."""


def hidden_in(text: str) -> Iterator[int]:
    """The position of every hidden character that its neighbours don't explain."""
    if text.isascii():
        return
    variants = 0
    for match in _HIDDEN().finditer(text):
        position = match.start()
        if "\U000e0100" <= match[0] <= "\U000e01ef":
            variants += 1
        if variants > _MOST_VARIANTS or not _needed(text, position):
            yield position


def _needed(text: str, position: int) -> bool:
    """True where the character is part of an emoji, an ideograph or a word as it is written."""
    character, before = text[position], text[position - 1 : position]
    after = text[position + 1 : position + 2]
    if character in "\u200c\u200d":
        return _joins(text, position, before, after)
    if character in "\ufe0e\ufe0f":
        return bool(_PICTOGRAPH().match(before))
    if "\ufe00" <= character <= "\ufe0d":
        return bool(_IDEOGRAPH().match(before) or _OTHER_BASE().match(before))
    if "\U000e0100" <= character <= "\U000e01ef":
        return bool(_IDEOGRAPH().match(before))
    if "\U000e0020" <= character <= "\U000e007f":
        return any(
            match.start() < position < match.end()
            for match in _FLAGS().finditer(text, max(0, position - 6), position + 6)
        )
    if character in "\u180b\u180c\u180d\u180f":
        return bool(_MONGOLIAN.match(before))
    return character == "\u2800" and bool(_BRAILLE.match(before) and _BRAILLE.match(after))


def _joins(text: str, position: int, before: str, after: str) -> bool:
    """A joiner between two pictographs makes one of them; in a word it shapes letters (RFC 5892)."""
    if text[position] == "\u200d":
        back = position - 1
        while back > 0 and (text[back] == _EMOJI_STYLE or _SKIN.match(text[back])):
            back -= 1
        if back >= 0 and _is_emoji(text[back]) and _is_emoji(after):
            return True
    if not before.strip() or not after.strip():
        return False
    start = max(0, position - _AROUND)
    try:
        return idna.valid_contextj(text[start : position + _AROUND], position - start)
    except ValueError:  # a neighbour has no name: no writing needs a joiner there
        return False


def _is_emoji(character: str) -> bool:
    return bool(_PICTOGRAPH().match(character)) and not character.isascii()
