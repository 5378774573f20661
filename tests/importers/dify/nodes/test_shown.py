"""Answers show lists and objects as Dify does."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.dify.control import Control
from registry_tool.importers.dify.document import read_app
from registry_tool.importers.dify.nodes.shown import SHOWN, is_text
from registry_tool.importers.dify.work import Work
from registry_tool.importers.project import Project
from tests.importers.dify.exports import export, form

NODES: Any = {
    "s": form("q"),
    "f": {"type": "start", "variables": [{"variable": "l", "type": "file-list"}]},
    "c": {"type": "code", "outputs": {"t": {"type": "string"}, "l": {"type": "array[string]"}}},
    "p": {"type": "parameter-extractor", "parameters": [{"name": "n", "type": "number"}]},
    "v": {"type": "variable-aggregator", "output_type": "array[string]"},
    "d": {"type": "document-extractor", "is_array_file": True},
    "m": {"type": "llm"},
    "it": {"type": "iteration"},
}
VARIABLES = [{"name": "a", "value_type": "string"}, {"name": "b", "value_type": "array[string]"}]


@pytest.mark.parametrize(
    ("selector", "wanted"),
    [
        ("s.q", True),
        ("f.l", False),
        ("c.t", True),
        ("c.l", False),
        ("c.l.0", False),
        ("p.n", True),
        ("v.output", False),
        ("d.text", False),
        ("m.text", True),
        ("it.output", False),
        ("sys.query", True),
        ("sys.files", False),
        ("conversation.a", True),
        ("conversation.b", False),
        ("gone.x", True),
    ],
)
def test_what_reads_the_same_in_a_text(selector: str, wanted: bool) -> None:
    app = read_app(export(NODES, conversation_variables=VARIABLES))
    assert is_text(tuple(selector.split(".")), Work(app, Project(), Control(app))) is wanted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (["a", 1], "- a\n- 1"),
        ({"k": 1}, '{\n  "k": 1\n}'),
        (None, ""),
        (True, "True"),
        (2.5, "2.5"),
    ],
)
def test_how_it_is_shown(value: Any, text: str) -> None:
    names: Any = {}
    exec(SHOWN, names)  # noqa: S102 - the helper itself
    assert names["shown"](value) == text
