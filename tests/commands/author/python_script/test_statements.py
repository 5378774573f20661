"""Steps as statements: what is skipped, what a loop begins with."""

from __future__ import annotations

from registry_tool.commands.author.python_script.script import script_of
from tests.commands.author.python_script.scripts import run_script
from tests.engine.small import go, workflow

WAYS = """
  blocks: [{ id: a, type: text }, { id: b, type: text }, { id: c, type: text }, { id: d, type: text }]
  edges:
    - id: way
      source: a
      target: b
      type: branch
      config:
        cases:
          "if it\\nis x":
            conditions: [{ block: a, condition: is, parameters: { value: x } }]
            thens: [{ from: a, to: b }]
    - { id: more, source: a, target: c, when: b, type: modify, on_error: skip, config: { content: "{{a}}!" } }
    - { id: most, source: [a, c], target: d, type: modify, config: { content: "{{a}}{{c}}" } }
  interface:
    inputs: [{ name: a, required: true }]
    outputs: [{ name: b }, { name: c }, { name: d }]
"""


def test_a_way_that_is_not_taken_is_skipped_with_what_hangs_on_it() -> None:
    flow = workflow(WAYS)
    for given in ("x", "y"):
        assert run_script(flow, {"a": given}) == dict(go(flow, {"a": given}).outputs)
    assert run_script(flow, {"a": "y"}) == {}


def test_an_input_may_be_called_help() -> None:
    text = script_of(workflow(WAYS.replace("name: a, required", "name: help, block: a, required")))[
        0
    ]
    assert 'conflict_handler="resolve"' in text


def test_an_authors_words_stay_in_their_comment() -> None:
    text = script_of(workflow(WAYS))[0]
    assert ":  # if it is x\n" in text
