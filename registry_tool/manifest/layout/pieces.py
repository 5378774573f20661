"""What is visible in a YAML text, piece by piece, each with the indentation of a line that begins with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from registry_tool.core.records import Record
from registry_tool.manifest.source import LOADER

STEP: Final = 2
"""Columns that each level is indented by."""
_OPENS: Final = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSES: Final = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
_INVISIBLE: Final = (
    *(yaml.StreamStartToken, yaml.StreamEndToken, yaml.BlockEndToken),
    *(yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken),
)


class VisibleToken(Record, frozen=True):
    """One visible token: where it begins and ends (lines and columns from 0), and the indentations around it.

    `indent` is for a line that begins with it, `further` for the lines that a text of several lines goes on in,
    `parent` the column of the collection around it as it was written.
    """

    kind: type[Any]
    line: int
    column: int
    end_line: int
    end_column: int
    indent: int
    further: int
    parent: int
    block: str = ""

    @property
    def is_block(self) -> bool:
        """Whether it is a text written as a block (`|` or `>`)."""
        return bool(self.block)


class _Level(Record, frozen=True):
    """A block collection that is open: its column as written, and as it will be."""

    is_list: bool
    flat: bool
    column: int
    indent: int


@dataclass
class _Walk:
    levels: list[_Level] = field(default_factory=list)
    flow: int = 0
    key: bool = False

    def top(self) -> _Level:
        return self.levels[-1] if self.levels else _Level(False, False, -1, -STEP)

    def push(self, token: Any, *, is_list: bool, flat: bool = False) -> None:
        column = self.top().column if flat else token.start_mark.column
        self.levels.append(_Level(is_list, flat, column, self.top().indent + STEP))

    def close(self) -> None:
        if self.top().flat:
            self.levels.pop()
        self.levels.pop()

    def step(self, token: Any) -> None:
        """Take the structure that a token opens or closes before it is placed."""
        match token:
            case yaml.BlockMappingStartToken():
                self.push(token, is_list=False)
            case yaml.BlockSequenceStartToken():
                self.push(token, is_list=True)
            case yaml.BlockEndToken():
                self.close()
            case yaml.KeyToken() if not self.flow:
                if self.top().flat:
                    self.levels.pop()
                self.key = True
            case yaml.BlockEntryToken() if not self.top().is_list:
                self.push(token, is_list=True, flat=True)

    def indent_of(self, token: Any) -> int:
        """The indentation of a line that begins with this token."""
        top = self.top()
        if self.flow:
            base = top.indent + (STEP if top.is_list else 0)
            return base + STEP * (self.flow - isinstance(token, _CLOSES))
        starts = (yaml.BlockEntryToken, yaml.KeyToken, yaml.ValueToken)
        return max(top.indent if self.key or isinstance(token, starts) else top.indent + STEP, 0)


def pieces(text: str) -> Iterator[VisibleToken]:
    """The visible tokens of a text that the strict loader has read, in order."""
    walk = _Walk()
    for token in yaml.scan(text, Loader=LOADER):
        walk.step(token)
        start, end = token.start_mark, token.end_mark
        if isinstance(token, _INVISIBLE) or (start.index == end.index and not _is_text(token)):
            continue
        indent, top = walk.indent_of(token), walk.top()
        further = top.indent + STEP * (1 + walk.flow) + (STEP if walk.flow and top.is_list else 0)
        style = getattr(token, "style", None)
        yield VisibleToken(
            *(type(token), start.line, start.column, end.line, end.column),
            *(indent, max(further, STEP), top.column),
            block=style if style in ("|", ">") else "",
        )
        if not isinstance(token, yaml.KeyToken):
            walk.key = False
        walk.flow += isinstance(token, _OPENS) - isinstance(token, _CLOSES)


def _is_text(token: Any) -> bool:
    return isinstance(token, yaml.ScalarToken) and token.style is not None
