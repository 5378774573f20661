"""The canonical layout of a manifest: indentation, spaces and empty lines. Order, quotes and comments stay.

Two columns a level, lists indented below their key, one space after `-`, `:` and `,`, `{ spaces }` inside braces
and none inside brackets, two before a comment, no more than one empty line, one newline at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.manifest.layout.blocks import block_text
from registry_tool.manifest.layout.pieces import VisibleToken, pieces
from registry_tool.manifest.layout.spaces import gap
from registry_tool.manifest.source import load_document

_OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")
_MOST_ROUNDS = 4


class LayoutError(RegistryError):
    """A text can't be laid out anew without changing what it says; it stays as it is."""


def laid_out(data: bytes | str, path: str) -> str:
    """The text in canonical layout: the same values, the same comments; laid out twice is laid out once.

    `FindingsError` where the text is not strict YAML, `LayoutError` where the layout would change what it says.
    """
    document = load_document(data, path)
    old = document.text.replace("\r\n", "\n")
    if found := _OTHER_BREAKS.search(old):
        line = old.count("\n", 0, found.start()) + 1
        raise LayoutError(
            "a line ends in a way that YAML versions read differently",
            location=f"{path}:{line}",
            hint="end lines with a newline; in a text write \\r, \\N, \\L or \\P in double quotes",
        )
    new = old
    for _ in range(_MOST_ROUNDS):
        before, new = new, _Lines(new).laid_out()
        if before == new:
            break
    if (
        before != new
        or load_document(new, path).value != document.value
        or _comments(new) != _comments(old)
    ):
        raise LayoutError(
            "this can't be laid out without changing what it says; nothing was written",
            location=path,
            hint="please report it with the file; until then lay it out by hand",
        )
    return new


def _comments(text: str) -> list[str]:
    return list(_Lines(text).comments())


class _Line(Record, frozen=True):
    """A line that begins with a piece: its column as written, and as it will be."""

    column: int
    indent: int


@dataclass
class _Lines:
    """Lays out one text."""

    text: str
    _out: list[str] = field(default_factory=list)
    _seen: list[_Line] = field(default_factory=list)
    _waiting: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lines = self.text.removesuffix("\n").split("\n")
        self._pieces = list(pieces(self.text))

    def comments(self) -> Iterator[str]:
        """Every comment, without what stands before its `#`."""
        done = 0
        for row in self._rows():
            yield from (c for line in self._lines[done : row[0].line] if (c := line.strip(" \t")))
            done, rest = self._tail(row)
            if rest:
                yield rest
        yield from (c for line in self._lines[done:] if (c := line.strip(" \t")))

    def _rows(self) -> Iterator[list[VisibleToken]]:
        """Pieces that hang together by lines: each begins in the line in which the one before it ends."""
        row: list[VisibleToken] = []
        for piece in self._pieces:
            if row and (row[-1].is_block or row[-1].end_line != piece.line):
                yield row
                row = []
            row.append(piece)
        if row:
            yield row

    def _tail(self, row: list[VisibleToken]) -> tuple[int, str]:
        """The line after a row, and the comment at the row's end."""
        last = row[-1]
        if last.is_block:
            block = block_text(self._lines, last)
            return block.end, self._lines[last.line][block.header_end :].strip(" \t")
        return last.end_line + 1, self._lines[last.end_line][last.end_column :].strip(" \t")

    def laid_out(self) -> str:
        """The whole text."""
        done, keeps = 0, False
        for row in self._rows():
            start = _Line(row[0].column, row[0].indent)
            self._between(done, row[0].line, start)
            self._seen.append(start)
            self._write(row)
            done, _ = self._tail(row)
            keeps = row[-1].is_block and block_text(self._lines, row[-1]).keeps
        self._between(done, len(self._lines), None)
        return self._ended(keeps=keeps and done >= len(self._lines))

    def _ended(self, *, keeps: bool) -> str:
        """The text with one newline at its end, but where that would become a part of the last value."""
        text = "\n".join(self._out)
        text = text if keeps else text.rstrip("\n")
        last = self._pieces[-1] if self._pieces else None
        cut = last is not None and last.is_block and not self.text.endswith("\n")
        return text if cut else text + "\n"

    def _between(self, start: int, end: int, following: _Line | None) -> None:
        """Comments and empty lines between two rows."""
        for line in self._lines[start:end]:
            comment = line.strip(" \t")
            if comment:
                column = len(line) - len(line.lstrip(" \t"))
                self._out.append(" " * self._indent_of(column, following) + comment)
            elif self._out and self._out[-1]:
                self._out.append("")

    def _indent_of(self, column: int, following: _Line | None) -> int:
        """A comment belongs to what follows, or to what is before it where it is indented further than that."""
        if following and column <= following.column:
            return following.indent
        if not following and not column:
            return 0
        before = (line.indent for line in reversed(self._seen) if line.column <= column)
        return max(next(before, 0), following.indent if following else 0)

    def _write(self, row: list[VisibleToken]) -> None:
        text = " " * row[0].indent
        for number, piece in enumerate(row):
            text += gap(row[number - 1], piece) if number else ""
            if piece.is_block:
                block = block_text(self._lines, piece)
                text += block.header
                _, comment = self._tail(row)
                self._out.append(text + (f"  {comment}" if comment else ""))
                self._out.extend(block.lines)
                return
            text = self._with(text, piece)
        _, comment = self._tail(row)
        self._out.append(text + (f"  {comment}" if comment else ""))

    def _with(self, text: str, piece: VisibleToken) -> str:
        """The line with a piece behind it; lines that a piece goes on from are written out."""
        if piece.line == piece.end_line:
            return text + self._lines[piece.line][piece.column : piece.end_column]
        self._out.append((text + self._lines[piece.line][piece.column :]).rstrip(" \t"))
        for line in self._lines[piece.line + 1 : piece.end_line]:
            self._out.append(" " * piece.further + line.strip(" \t") if line.strip(" \t") else "")
        return " " * piece.further + self._lines[piece.end_line][: piece.end_column].lstrip(" \t")
