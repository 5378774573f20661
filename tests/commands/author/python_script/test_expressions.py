"""Templates as Python."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.commands.author.python_script.expressions import Names, lines_of, literal, shown
from registry_tool.core.errors import RegistryError
from registry_tool.manifest.scope import Scopes
from tests.engine.small import workflow

FLOW = workflow("""
  blocks: [{ id: a, type: text }, { id: b, type: text, metadata: { label: The b } }]
  edges: [{ id: e, source: a, target: b, type: modify, config: { content: "{{a}}" } }]
  interface: { inputs: [{ name: q, block: a, default: "" }] }
  runtime: { environments: { development: { variables: { TONE: kind } } } }
""")


def names(**local: str) -> Names:
    known = Scopes(FLOW).names(FLOW.edges[0])
    return Names(FLOW, known, {"a"}, local)


@pytest.mark.parametrize(
    ("template", "python"),
    [
        ("plain", '"plain"'),
        ("{{a}}", 'blocks["a"]'),
        ("{{ b.0.x }}", 'part(blocks.get("b"), "0", "x")'),
        ("{{The b}}", 'blocks.get("b")'),
        ("{{q}}", 'inputs.get("q")'),
        ("{{TONE}}", 'os.environ.get("PUPPY_VARIABLE_TONE", "kind")'),
        ("Hi {{a}}!\n", 'joined("Hi ", blocks["a"], "!\\n")'),
        (r"\{{a}} {{}}", '"{{a}} {{}}"'),
        ({"x": ["{{a}}", 1, None, True]}, '{"x": [blocks["a"], 1, None, True]}'),
    ],
)
def test_a_value(template: Any, python: str) -> None:
    assert names().value(template) == python


def test_an_item_of_a_map_is_a_variable() -> None:
    assert names(item="item", a="item").value("{{item.x}}{{a}}") == 'joined(part(item, "x"), item)'


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(RegistryError, match="nothing has the name"):
        names().value("{{gone}}")


@pytest.mark.parametrize("value", ['a"b\\n\u2028', [1, None], {"x y": True}, 1.5])
def test_a_constant_reads_back(value: Any) -> None:
    assert ast.literal_eval(literal(value)) == value


def test_words_of_authors_end_no_comment() -> None:
    assert shown('a\nimport os\r"""\\') == "a import os '''/"
    assert shown("a\u202eb") == "a?b"


LONG = "A line that is short.\n" + "words and " * 20 + "x" * 200 + "\n\nlast {{a}} "


def test_a_long_text_is_broken_into_lines_and_stays_the_same() -> None:
    python = names().text(LONG)
    assert max(map(len, python.split("\n"))) <= 110
    value = eval(python, {"joined": lambda *parts: "".join(parts), "blocks": {"a": "X"}})  # noqa: S307
    assert value == LONG.replace("{{a}}", "X")
    assert eval(names().text(LONG.replace("{{a}}", ""))) == LONG.replace("{{a}}", "")  # noqa: S307


@given(st.text(alphabet="a \n\t\r\u2028\"'\\{é", max_size=300))
def test_nothing_of_a_text_is_lost(text: str) -> None:
    assert "".join(map(ast.literal_eval, lines_of(text))) == text
