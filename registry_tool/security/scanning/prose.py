"""Whether a text is prose: what somebody encodes so that it is not read, and not numbers, names or markup."""

from __future__ import annotations

import re
from typing import Final

_LEAST_WORDS: Final = 5
_WORDS = re.compile(r"(?:[^\W\d_]{1,20}[,;:.!?'\"]{0,2} ){4,}[^\W\d_]{2,20}")
_HAN: Final = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{8,}")
_VOWELS = re.compile(r"[aeiouyаеиоуыэюя]", re.IGNORECASE)


def is_prose(text: str) -> bool:
    """Five words in a row, or eight characters of Chinese or Japanese."""
    if _HAN.search(text):
        return True
    return any(_sounds(match[0]) for match in _WORDS.finditer(text))


def _sounds(words: str) -> bool:
    """Most words of a language have a vowel; letters of a picture's bytes seldom."""
    listed = words.split()
    spoken = sum(_VOWELS.search(word) is not None or not word.isascii() for word in listed)
    return spoken * _LEAST_WORDS >= (_LEAST_WORDS - 1) * len(listed)
