"""Spaces between two pieces of a line."""

from __future__ import annotations

import pytest

from registry_tool.manifest.layout.layout import laid_out


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("a :   1", "a: 1"),
        ("-    x", "- x"),
        ("-  -   x", "- - x"),
        ("a: [ 1 ,2,  3 ]", "a: [1, 2, 3]"),
        ("a: {b: 1,c: { }}", "a: { b: 1, c: {} }"),
        ('a: {"b":1}', 'a: { "b": 1 }'),
        ("a: [ ]", "a: []"),
        ("a: [1, ]", "a: [1,]"),
        ("a: { b: Fits? }", "a: { b: Fits? }"),
        ("a: x#y   # z", "a: x#y  # z"),
        ('a: "x   y"', 'a: "x   y"'),
        ("? a\n:   b", "? a\n: b"),
    ],
)
def test_one_space_where_one_belongs(written: str, wanted: str) -> None:
    assert laid_out(f"{written}\n", "m.yaml") == f"{wanted}\n"
