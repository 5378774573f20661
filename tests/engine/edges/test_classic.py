"""The editor's own edges: every conversion, operation, way of cutting and condition."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.all_edges import config_of, edge_kind
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.text import splitters as chunkers
from registry_tool.manifest.model import Block, Edge


def call(kind: str, config: Object, services: Services | None = None, **inputs: Value) -> Value:
    sources = tuple(Block(name, "text", label=name.upper()) for name in inputs)
    made = EdgeCall(
        Edge("e", kind, tuple(inputs), ("out",), config),
        inputs,
        {**inputs, **{name.upper(): value for name, value in inputs.items()}},
        sources,
        (Block("out", "structured"),),
    )
    return asyncio.run(edge_kind(kind).run(made, config_of(made.edge), services or Services())).get(
        "out", "not taken"
    )


def test_modify() -> None:
    assert call("modify", {"modify_type": "copy", "content": "{{A}}"}, a=[1]) == [1]
    assert call("modify", {"modify_type": "convert2text"}, a=["é", 1]) == '["\\u00e9", 1]'
    sliced = {"modify_type": "edit_text", "content": "{{a}}", "extra_configs": {"slice": [1, -1]}}
    assert call("modify", sliced, a="abcd") == "bcd"
    turned = {
        "modify_type": "edit_text",
        "content": "{{a}}",
        "sort_type": "descending",
        "slice": [0, 3],
    }
    assert call("modify", turned, a="abcd") == "cba"
    appended = {
        "modify_type": "edit_structured",
        "content": "{{a}}",
        "operations": [{"type": "append", "params": {"path": ["*"], "value": "{{b}}"}}],
    }
    assert call("modify", appended, a=[1], b=[2]) == [1, [2]]


@given(st.text(alphabet="ab ,.\n", max_size=200), st.integers(1, 20))
def test_chunks_by_length_lose_nothing_but_blanks(text: str, size: int) -> None:
    chunks = chunkers.by_length(text, size, 0)
    assert "".join("".join(chunks).split()) == "".join(text.split())
    assert all(len(chunk) <= size for chunk in chunks)


@given(st.text(alphabet="ab ,.\n", max_size=300), st.integers(1, 40), st.integers(0, 10))
def test_every_way_of_cutting_ends(text: str, size: int, overlap: int) -> None:
    chunkers.by_length(text, size, overlap, whole_words=True)
    chunkers.recursive(text, size)
    assert all(len(part) <= size for part in chunkers.automatic(text, size, overlap))
    assert "".join(chunkers.by_sentence(text)) == text


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


def test_load_reads_resources_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"x": [1]}')
    (tmp_path / "b.csv").write_text("n,m\n1,2\n")
    (tmp_path / "c.txt").write_text("text")
    (tmp_path / "link").symlink_to("/etc/passwd")
    services = Services(resources=tmp_path)
    assert call("load", {"path": "a.json"}, services, a="") == {"x": [1]}
    assert call("load", {"path": "resources/b.csv"}, services, a="") == [{"n": "1", "m": "2"}]
    assert call("load", {"path": "{{a}}.txt"}, services, a="c") == "text"
    assert call("load", {}, a=["as it is"]) == ["as it is"]
    for path in ("../secret", "/etc/passwd", "link", "nothing.txt"):
        with pytest.raises(Exception, match=r"path|no such file"):
            call("load", {"path": path}, services, a="")


def test_save_writes_into_the_workspace_and_nowhere_else(tmp_path: Path) -> None:
    services = Services(workspace=tmp_path)
    assert call("save", {"path": "out/{{a}}.json", "content": [1]}, services, a="x") == {
        "path": "out/x.json",
        "size": len("[\n  1\n]\n"),
    }
    assert json.loads((tmp_path / "out/x.json").read_text()) == [1]
    assert call("save", {"file_name": "note", "file_type": "txt"}, services, a="é") == {
        "path": "note.txt",
        "size": 2,
    }
    with pytest.raises(EdgeError, match="no workspace"):
        call("save", {"path": "a"}, a="x")
    with pytest.raises(Exception, match="outside"):
        call("save", {"path": "../a"}, services, a="x")
