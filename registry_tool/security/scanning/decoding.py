"""What a text says to whoever decodes it as often as it was encoded: `MOST_LEVELS` times, `MOST_BYTES` in all."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import Final

from registry_tool.core.archives import archive_kind
from registry_tool.core.records import Record
from registry_tool.security.compression import expanded
from registry_tool.security.encodings import Bound
from registry_tool.security.layers import Span
from registry_tool.security.runs import CharacterRuns
from registry_tool.security.scanning.digits import decode_digits
from registry_tool.security.scanning.escapes import Unescaped
from registry_tool.security.scanning.programs import program_kind
from registry_tool.security.scanning.scrambled import scrambles

MOST_LEVELS: Final = 4
MOST_BYTES: Final = 64 * 2**20
_WORDS = CharacterRuns(bytes([*b"\t\n\r", *range(0x20, 0x7F)]), 12)
_SHORTEST: Final = 12  # bytes that say something
_HEAD: Final = 64


class HiddenText(Record, frozen=True):
    """A decoded text: how it is encoded, outermost first, and where a part of it stands (None: in the open, too).

    `program` is what kind of program or archive its bytes are, empty for others.
    """

    text: str
    how: tuple[str, ...]
    origin: Callable[[Span], int | None]
    program: str = ""


def hidden_texts(text: str) -> Iterator[HiddenText]:
    """Everything that a text says in some encoding; `TooMuchError` where that is more than anybody looks at."""
    for scramble in scrambles(text):
        yield HiddenText(scramble.text, (scramble.how,), scramble.origin)
    yield from _level(text, (), MOST_LEVELS, Bound(MOST_BYTES))


def _level(text: str, how: tuple[str, ...], levels: int, bound: Bound) -> Iterator[HiddenText]:
    if not levels:
        return
    bound.spend(len(text))
    if unescaped := Unescaped(text):
        by = (*how, "escapes")
        yield HiddenText(unescaped.text, by, unescaped.origin)
        for at, said in unescaped.pieces():
            if len(said) >= _SHORTEST:
                for found in _level(said, by, levels - 1, bound):
                    yield _at(found, at)
    for data, encoding, span in decode_digits(text):
        for found in _inside(data, (*how, encoding), levels, bound):
            yield _at(found, span[0])


def _at(found: HiddenText, at: int) -> HiddenText:
    """The text with the place of all that it is decoded from, which nothing of it has a better one than."""
    inner = found.origin
    return HiddenText(
        found.text, found.how, lambda span: None if inner(span) is None else at, found.program
    )


def _inside(data: bytes, how: tuple[str, ...], levels: int, bound: Bound) -> Iterator[HiddenText]:
    bound.spend(len(data))
    if len(data) < _SHORTEST:
        return
    if kind := program_kind(data) or archive_kind(data):
        yield HiddenText("", how, _begin, kind)
    if text := _text_of(data):
        yield HiddenText(text, how, _begin)
        yield from _level(text, how, levels - 1, bound)
    if levels > 1:
        for more in expanded(data):
            yield from _inside(more, (*how, "compression"), levels - 1, bound)


def _begin(_: Span) -> int | None:
    return 0


def _text_of(data: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16, or the words of ASCII among them; empty where they say nothing."""
    if _is_utf8(data):
        return data.decode()
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if data[first::2].count(0) * 2 > len(data) // 2:
            return data.decode(encoding, "ignore")
    if _is_wide_text(data):
        return data.decode("utf-16", "ignore")
    return "\n".join(data[start:end].decode() for start, end in _WORDS.spans(data))


def _is_wide_text(data: bytes) -> bool:
    """UTF-16 says by its first two bytes which one it is."""
    return data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _is_utf8(data: bytes) -> bool:
    if b"\0" in data:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(
            data[:_HEAD]
        )  # most of what is none ends here
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
