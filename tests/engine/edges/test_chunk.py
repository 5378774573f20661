"""`chunk` edges: every mode by what it makes of a text."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Object, Value
from tests.engine.edges.called import call


@pytest.mark.parametrize(
    ("config", "content", "wanted"),
    [
        ({}, "short", ["short"]),
        ({}, ["one"], ["one"]),
        ({"chunking_mode": "length", "chunk_size": 4, "overlap": 1}, "abcdefgh", ["abcd", "defgh"]),
        (
            {"chunking_mode": "character", "extra_configs": {"delimiters": [";"]}},
            "a; b;;c",
            ["a", "b", "c"],
        ),
        ({"chunking_mode": "simple"}, "One. 二。Three!", ["One.", " 二。", "Three!"]),
        ({"chunking_mode": "simple"}, {"a": {"b": [1, 2]}}, ["a.b[0]: 1", "a.b[1]: 2"]),
        (
            {"chunking_mode": "special", "sub_chunking_mode": "recursive", "max_length": 8},
            "One. Two. Three.",
            ["One.", "Two.", "Three."],
        ),
        (
            {"chunking_mode": "advanced", "sub_chunking_mode": "html", "tags": ["p"]},
            "<h1>x</h1><p>a<b>b</b></p>",
            ["ab"],
        ),
        (
            {"chunking_mode": "advanced", "sub_chunking_mode": "markdown", "tags": ["h1"]},
            "# Head\n\ntext",
            ["Head"],
        ),
        (
            {"chunking_mode": "length", "sub_chunking_mode": "token", "max_tokens": 2},
            "one two three",
            ["one two", "three"],
        ),
    ],
)
def test_chunk(config: Object, content: Value, wanted: Value) -> None:
    assert call("chunk", config, a=content) == wanted
