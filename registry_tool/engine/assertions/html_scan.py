"""HTML in pieces: tags, comments and text, found in one pass over the characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]{0,63})")
_RAW = frozenset({"script", "style", "textarea", "title"})
_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
VOID = frozenset(_VOID_NAMES.split())


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece. `name` is a tag's, in lower case; `closed` marks `<x/>` and void elements."""

    kind: Literal["open", "close", "comment", "doctype", "instruction", "text", "broken"]
    name: str = ""
    closed: bool = False
    attributes: bool = False


def pieces(text: str) -> Iterator[Piece]:
    """The pieces in order, without blank text. A tag or comment without an end is `broken` and the last one."""
    at = 0
    while at < len(text):
        start = text.find("<", at)
        if start == -1:
            start = len(text)
        elif not (_NAME.match(text, start) or text[start + 1 : start + 2] in {"!", "?"}):
            start += 1  # `a < b`
            yield Piece("text")
            at = start
            continue
        if text[at:start].strip():
            yield Piece("text")
        if start == len(text):
            return
        piece, at = _marked(text, start)
        yield piece
        if piece.kind == "open" and piece.name in _RAW and not piece.closed:
            end = _raw_end(text, piece.name, at)
            if end == -1:
                yield Piece("broken")
                return
            at = end
        if piece.kind == "broken":
            return


def _raw_end(text: str, name: str, at: int) -> int:
    match = re.compile(rf"</{name}", re.IGNORECASE).search(text, at)
    return match.start() if match else -1


def _marked(text: str, start: int) -> tuple[Piece, int]:
    if text.startswith("<!--", start):
        end = text.find("-->", start + 4)
        return (Piece("broken"), len(text)) if end == -1 else (Piece("comment"), end + 3)
    end = _tag_end(text, start)
    if end == -1:
        return Piece("broken"), len(text)
    if text[start + 1] in "!?":
        kind: Literal["doctype", "instruction"] = (
            "doctype" if text[start + 1] == "!" else "instruction"
        )
        return Piece(kind), end
    match = _NAME.match(text, start)
    if match is None:
        return Piece("broken"), end
    name = match[1].lower()
    if text[start + 1] == "/":
        return Piece("close", name), end
    closed = text[end - 2] == "/" or name in VOID
    return Piece("open", name, closed, "=" in text[match.end() : end]), end


def _tag_end(text: str, start: int) -> int:
    """The place after the tag's `>`, which is none inside quotes; -1 where there is none."""
    quote = ""
    for at in range(start, len(text)):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'" and text[at - 1] in "= \t\n":
            quote = char
        elif char == ">":
            return at + 1
    return -1
