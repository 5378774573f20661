"""Edges as expressions, and those that are refused."""

from __future__ import annotations

import textwrap

import pytest

from registry_tool.commands.author.python_script.script import script_of
from registry_tool.commands.author.python_script.site import NotExportedError
from tests.engine.small import workflow

ONE = """
  blocks: [{ id: a, type: text, value: x }, { id: b, type: TYPE }]
  edges: [{ id: e, source: a, target: b, EDGE }]
  interface: { outputs: [{ name: b }] }
  runtime:
    dependencies: { external_apis: [{ name: w, hosts: [w.example], secrets: [KEY] }] }
"""


def lines(edge: str, type_: str = "text") -> str:
    text = script_of(workflow(ONE.replace("EDGE", edge).replace("TYPE", type_)))[0]
    return text.split("    # e (", 1)[1].split("    outputs = {", 1)[0].split("\n", 1)[1].strip()


@pytest.mark.parametrize(
    ("edge", "python"),
    [
        (
            "type: modify, config: { modify_type: convert2text }",
            'blocks["b"] = text_of(blocks["a"])',
        ),
        (
            "type: modify, config: { modify_type: edit_text, sort_type: ascending }",
            'blocks["b"] = "".join(sorted(text_of(blocks["a"]), reverse=False))',
        ),
        (
            'type: http, config: { url: "https://w.example/{{a}}", auth: { secret: KEY }, retries: 2 }',
            'blocks["b"] = fetch("GET", joined("https://w.example/", blocks["a"]), timeout=30, '
            'secret=("KEY__W_EXAMPLE", "bearer", ""), retries=2)',
        ),
        (
            "type: chunk, config: { chunking_mode: character, delimiters: [';'] }",
            'blocks["b"] = cut_all(blocks["a"], lambda one: split_at(one, [";"]))',
        ),
    ],
)
def test_an_edge_is_a_line(edge: str, python: str) -> None:
    assert lines(edge) == python


def test_a_question_to_a_model_is_its_messages_and_parameters() -> None:
    asked = lines(
        'type: llm, config: { system: S, prompt: "P {{a}}", temperature: 0, top_p: 0.5, max_tokens: 3 }'
    )
    assert textwrap.dedent(f"    {asked}").split("\n") == [
        'blocks["b"] = ask(',
        "    [",
        '        {"role": "system", "content": "S"},',
        '        {"role": "user", "content": joined("P ", blocks["a"])},',
        "    ],",
        '    model="gpt-4o-mini",',
        "    temperature=0.0,",
        "    max_tokens=3,",
        "    top_p=0.5,",
        ")",
    ]


@pytest.mark.parametrize(
    ("edge", "word"),
    [
        ("type: search, config: { query: x }", "no like"),
        ("type: llm, config: { prompt: x, tools: [{ name: f }] }", "tools"),
        (
            "type: modify, config: { modify_type: edit_structured, operations: [{ type: get_keys }] }",
            "operations",
        ),
        (
            "type: modify, config: { modify_type: convert2structured, conversion_mode: parse_as_json }",
            "parse_as_json",
        ),
        ("type: code, config: { code: 'def main(z): return z' }", "parameter z"),
        ("type: map, config: { edge: { type: load, config: { path: x } } }", "map of load"),
        (
            'type: http, config: { url: "https://w.example{{a}}/x", auth: { secret: KEY } }',
            "only a run",
        ),
        (
            'type: http, config: { url: "https://{{a}}.example/", auth: { secret: KEY } }',
            "only a run",
        ),
        (
            'type: http, config: { url: "https://w.example:443{{a}}", auth: { secret: KEY } }',
            "only a run",
        ),
        ("type: http, config: { url: http://w.example/, auth: { secret: KEY } }", "in plain"),
        ("type: llm, config: { prompt: P, base_url: http://w.example/v1 }", "without encryption"),
    ],
)
def test_what_a_script_can_not_do_is_refused_by_edge_and_reason(edge: str, word: str) -> None:
    with pytest.raises(NotExportedError, match=word) as error:
        lines(edge)
    assert error.value.location == "edges.e"


def test_an_author_s_server_gets_the_key_of_its_host_alone() -> None:
    asked = lines("type: llm, config: { prompt: P, base_url: https://w.example/v1 }")
    assert 'key="OPENAI_API_KEY__W_EXAMPLE"' in asked
    assert "key=" not in lines("type: llm, config: { prompt: P }")
