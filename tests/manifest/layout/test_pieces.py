"""Pieces of a text: what can be seen, and how far a line that begins with it is indented."""

from __future__ import annotations

from registry_tool.manifest.layout.pieces import pieces

TEXT = """\
a:
- b: [1,
 2]
  c: |
      x
- - d
"""


def test_every_visible_piece_has_its_indentation() -> None:
    lines = TEXT.split("\n")
    found = [
        (lines[one.line][one.column : one.end_column], one.indent)
        for one in pieces(TEXT)
        if one.line == one.end_line
    ]
    assert found == [
        *(("a", 0), (":", 0), ("-", 2), ("b", 4), (":", 4), ("[", 6), ("1", 6), (",", 6)),
        *(("2", 6), ("]", 4), ("c", 4), (":", 4), ("-", 2), ("-", 4), ("d", 6)),
    ]
    (block,) = (one for one in pieces(TEXT) if one.is_block)
    assert (block.line, block.column, block.further) == (3, 5, 6)
