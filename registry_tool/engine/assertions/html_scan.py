"""HTML in pieces, for assertions: tags, comments and text, and what is broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from registry_tool.core.html_tokens import Token, tokens

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
    for token in tokens(text):
        if not token.whole:
            yield Piece("broken")
        elif token.kind == "text":
            if token.text.strip() and not token.name:
                yield Piece("text")
        elif token.kind != "raw":
            yield _piece(token)


def _piece(token: Token) -> Piece:
    assert token.kind != "raw"  # noqa: S101 - excluded by the caller
    closed = token.kind == "open" and (token.closed or token.name in VOID)
    return Piece(token.kind, token.name, closed, token.kind == "open" and "=" in token.text)
