"""Texts written as blocks keep every character."""

from __future__ import annotations

import pytest

from registry_tool.manifest.layout.layout import laid_out
from registry_tool.manifest.source import load_tree


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("a: |\n     x\n       y\n", "a: |\n  x\n    y\n"),
        ("a: |   # why\n     x\n", "a: |  # why\n  x\n"),
        ("a: |4\n      x\n", "a: |2\n    x\n"),
        ("a: |+\n    x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n"),
        ("a: |+\n    x\n\n\n", "a: |+\n  x\n\n\n"),
        ("a: >-\n    x\n\n\n    y\n\n\n", "a: >-\n  x\n\n\n  y\n"),
        ("a: |\n    x  \n      \n    y\n", "a: |\n  x  \n    \n  y\n"),
        ("a: |\n\nb: 1\n", "a: |\n\nb: 1\n"),
        ("- |\n # x\n y\n", "- |\n  # x\n  y\n"),
        ("a: |\n   x", "a: |\n  x"),
        ("a:\n- |\n x\n# c\n", "a:\n  - |\n    x\n# c\n"),
    ],
)
def test_the_text_of_a_block_stays(written: str, wanted: str) -> None:
    assert load_tree(written, "m.yaml") == load_tree(wanted, "m.yaml")
    assert laid_out(written, "m.yaml") == wanted
