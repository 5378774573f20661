"""`template` edges: Jinja's text of what they are given, rendered in the sandbox."""

from __future__ import annotations

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.edges.base import Services
from registry_tool.engine.edges.template import jinja_sources
from registry_tool.engine.sandbox.wasm import WasmSandbox
from tests.engine.edges.test_code import ScriptedSandbox
from tests.engine.small import go, workflow

FLOW = """
  blocks:
    - { id: people, type: structured }
    - { id: tone, type: text, metadata: { label: the_tone } }
    - { id: letter, type: text }
  edges:
    - id: write
      source: [people, tone]
      target: letter
      type: template
      config: { template: TEXT MORE }
  interface:
    inputs: [{ name: people, required: true }, { name: tone, default: Dear }]
    outputs: [{ name: letter }]
"""


def given(more: str = "") -> Object:
    sandbox = ScriptedSandbox("told")
    flow = workflow(FLOW.replace("TEXT", '"Hello"').replace("MORE", more))
    assert go(flow, {"people": ["Ada"]}, services=Services(sandbox=sandbox)).outputs == {
        "letter": "told"
    }
    return dict(sandbox.asked[0][1])


def test_it_knows_its_values_or_else_every_source_by_label_or_id() -> None:
    assert given()["values"] == {"people": ["Ada"], "the_tone": "Dear"}
    assert given(', values: { first: "{{people.0}}", all: "{{people}}" }')["values"] == {
        "first": "Ada",
        "all": ["Ada"],
    }


def test_without_a_sandbox_nothing_is_rendered() -> None:
    flow = workflow(FLOW.replace("TEXT", '"Hello"').replace("MORE", ""))
    assert "no sandbox" in go(flow, {"people": []}).error


def test_jinja_is_sent_without_what_rendering_needs_not() -> None:
    sources = jinja_sources()
    assert {"jinja2.sandbox", "jinja2.filters", "markupsafe._native"} <= sources.keys()
    assert not sources["jinja2"]


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        (
            "{% for one in people %}{{ loop.index }}. {{ one.name | upper }}, {{ none.such }}\\n{% endfor %}",
            "1. ADA, \n2. BOB, \n",
        ),
        ("{{ people | map(attribute='name') | join('; ') }} {{ 1 | tojson }}", "Ada; Bob 1"),
        ("{{ ''.__class__.__mro__ }}", "error: attribute '__class__'"),
        ("{% for a in range(10 ** 9) %}{% endfor %}", "error: Range too big"),
        ("{{ 1 | nosuch }}", "error: the template's line 1: No filter named 'nosuch'"),
    ],
    ids=["loop", "filters", "internals", "too-long", "unknown-filter"],
)  # fmt: skip
def test_jinja_renders_in_the_sandbox(text: str, rendered: str) -> None:
    flow = workflow(FLOW.replace("TEXT", f'"{text}"').replace("MORE", ""))
    people: Object = {"people": [{"name": "Ada"}, {"name": "Bob"}]}
    result = go(flow, people, services=Services(sandbox=WasmSandbox()))
    if rendered.startswith("error: "):
        assert rendered.removeprefix("error: ") in result.error
    else:
        assert result.outputs == {"letter": rendered}, result.error
