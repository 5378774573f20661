"""Texts written as blocks (`|`, `>`): which lines are theirs, and how these are indented anew."""

from __future__ import annotations

import re
from collections.abc import Sequence

from registry_tool.core.records import Record
from registry_tool.manifest.layout.pieces import STEP, VisibleToken

_HEADER = re.compile(r"[|>](?:[1-9][+-]?|[+-][1-9]?)?")


class BlockText(Record, frozen=True):
    """A block: its header, its lines as they will be, the line after it, whether its last empty lines count."""

    header: str
    header_end: int
    lines: tuple[str, ...]
    end: int
    keeps: bool


def block_text(lines: Sequence[str], piece: VisibleToken) -> BlockText:
    """The block whose header a piece begins with."""
    first = lines[piece.line]
    found = _HEADER.match(first, piece.column)
    header = found[0] if found else piece.block
    digit = next((int(sign) for sign in header if sign.isdigit()), 0)
    body = lines[piece.line + 1 :]
    base = max(piece.parent, 0) + digit if digit else _detected(body, piece.parent)
    size = _size(body, base) if base else 0
    keeps = "+" in header
    while size and not keeps and not body[size - 1].strip(" "):
        size -= 1
    taken = tuple(
        " " * piece.further + line[base:] if len(line) > base else "" for line in body[:size]
    )
    shown = re.sub(r"[1-9]", str(STEP), header)
    return BlockText(shown, piece.column + len(header), taken, piece.line + 1 + size, keeps)


def _detected(body: Sequence[str], parent: int) -> int:
    """The indentation of the first line that has words; 0 where the block is empty."""
    for line in body:
        if line.strip(" "):
            indent = _indent(line)
            return indent if indent > parent else 0
    return 0


def _size(body: Sequence[str], base: int) -> int:
    for number, line in enumerate(body):
        if line.strip(" ") and _indent(line) < base:
            return number
    return len(body)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
