"""Letters that look like ASCII's, one for one, as UTS 39's confusables.txt has them (version 16)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from registry_tool.security.layers import Span

_CYRILLIC: Final = "АAВBСCЕEНHІIЈJКKМMОOРPЅSТTХXҮYԌGԚQԜWаaсcеeһhіiјjоoрpԛqѕsхxуyүyѵvԝwӏlԁdɡg"
_GREEK: Final = "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaιiνvοoρpυuγy"
_OTHERS: Final = "ՍUՕOԼLհhոnսuօoցgᎪAᏴBᏟCᎬEᎻHᎫJᏦKᏞLᎷMᏢPᎡRᏚSᎢTᏙVᎳWᏃZꓐBꓚCꓓDꓰEꓝFꓖGꓧHꓲIꓙJꓗKꓡLꓟMꓠNꓳOꓑPꓣRꓢSꓔTꓴUꓦVꓪWꓫXꓬYꓜZ"
_BLOCKS: Final = (  # whose characters are ASCII in another style, by their compatibility mapping
    *(range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800), range(0x24B6, 0x24EA)),
    *(range(0x2100, 0x2150), range(0x1F130, 0x1F150)),
)
_CYRILLIC_LETTER = re.compile("[\u0400-\u052f]")
_WORD = re.compile(r"[^\W\d_]{4,}")  # formulas have shorter ones


def _pairs(text: str) -> dict[str, str]:
    return dict(zip(text[::2], text[1::2], strict=True))


@cache
def _foreign() -> dict[str, str]:
    """Letters of other scripts."""
    return {**_pairs(_CYRILLIC), **_pairs(_OTHERS)}


@cache
def _greek() -> dict[str, str]:
    return _pairs(_GREEK)


@cache
def _table() -> Mapping[int, str]:
    """Every character that looks like one of ASCII, with that one."""
    styled = {
        chr(code): plain
        for block in _BLOCKS
        for code in block
        if (plain := unicodedata.normalize("NFKC", chr(code))) and len(plain) == 1 and plain.isascii()
    }  # fmt: skip
    return {ord(key): value for key, value in {**styled, **_foreign(), **_greek()}.items()}


def as_ascii(text: str) -> str:
    """A text as the eye takes it: of the same length, look-alikes replaced."""
    return text if text.isascii() else text.translate(_table())


def mixed_words(text: str) -> Iterator[Span]:
    """Words in which all letters beside ASCII's only look like them.

    Of words without any of ASCII's only Cyrillic ones count, where the text has no other Cyrillic letters.
    """
    if text.isascii():
        return
    disguised = _foreign().keys() >= set(_CYRILLIC_LETTER.findall(text))
    for match in _WORD.finditer(text):
        word = match[0]
        if not word.isascii() and (_is_mixed(word) or (disguised and _is_cyrillic(word))):
            yield match.span()


def _is_cyrillic(word: str) -> bool:
    return all(map(_CYRILLIC_LETTER.match, word))


def _is_mixed(word: str) -> bool:
    strange = [letter for letter in word if not letter.isascii()]
    if len(strange) == len(word):
        return False
    foreign, greek = _foreign(), _greek()
    if all(letter in foreign for letter in strange):
        return True
    # One Greek letter at either end is what science writes: TNFα, αSyn.
    inner = [letter for letter in word[1:-1] if not letter.isascii()]
    return bool(inner) and all(letter in foreign or letter in greek for letter in strange)
