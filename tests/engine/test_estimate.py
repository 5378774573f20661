"""What is known of a run before it happens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.core.values import Object
from registry_tool.engine.estimate import CallCount, EdgeForecast, estimated_tokens, forecast
from registry_tool.engine.plan import plan
from registry_tool.manifest.model import Environment
from tests.engine.small import workflow

spans = st.builds(
    lambda least, more: CallCount(least, None if more is None else least + more),
    st.integers(0, 9),
    st.none() | st.integers(0, 9),
)


def foreseen(
    spec: str, given_: Object | None = None, **overrides: object
) -> dict[str, EdgeForecast]:
    here = Environment("", overrides)  # type: ignore[arg-type]
    return {f.edge.id: f for f in forecast(plan(workflow(spec)), here, given_ or {})}


@given(spans, spans, spans)
def test_ranges_add_and_multiply_like_numbers(a: CallCount, b: CallCount, c: CallCount) -> None:
    assert a + b == b + a
    assert a * b == b * a
    assert (a + b) + c == a + (b + c)
    assert a * CallCount() == a
    assert a * CallCount(0, 0) == CallCount(0, 0)
    total = a + b
    assert total.most is None or total.least <= total.most


BRANCH = """
  blocks: [{ id: a, type: text }, { id: b, type: text }, { id: c, type: text }, { id: d, type: text }]
  edges:
    - id: choose
      source: a
      target: b
      type: branch
      config: { cases: { one: { conditions: [{ block: a, condition: is_empty }], thens: [{ from: a, to: b }] } } }
    - { id: then, source: b, target: c, type: modify, config: { modify_type: copy } }
    - { id: anyway, source: [a, b], target: d, type: modify, config: { modify_type: copy, content: "{{a}}" } }
"""


SOFT = """
  blocks: [{ id: a, type: text }, { id: b, type: text }, { id: c, type: text }, { id: d, type: text }]
  edges:
    - { id: try, source: a, target: b, type: modify, on_error: ON_ERROR, config: { modify_type: copy } }
    - { id: then, source: b, target: c, type: modify, config: { modify_type: copy } }
    - { id: gated, source: a, target: d, type: modify, when: b, config: { modify_type: copy } }
"""


@pytest.mark.parametrize(
    ("on_error", "calls"), [("skip", CallCount(0, 1)), ("{ value: x }", CallCount(1, 1))]
)
def test_what_hangs_on_an_edge_that_may_fail_may_not_run(on_error: str, calls: CallCount) -> None:
    found = foreseen(SOFT.replace("ON_ERROR", on_error))
    assert (found["try"].calls, found["then"].calls, found["gated"].calls) == (
        CallCount(1, 1),
        calls,
        calls,
    )


def test_what_hangs_on_a_branch_may_not_run() -> None:
    found = foreseen(BRANCH)
    assert {name: f.calls for name, f in found.items()} == {
        "choose": CallCount(1, 1),
        "then": CallCount(0, 1),
        "anyway": CallCount(0, 1),
    }
    assert [f.stage for f in found.values()] == [1, 2, 2]


LOOP = """
  blocks: [{ id: a, type: text }, { id: b, type: text }, { id: c, type: text }]
  edges:
    - { id: in, source: a, target: b, type: modify, config: { modify_type: copy } }
    - { id: body, source: b, target: c, type: llm, config: { prompt: "{{b}}" } }
    - { id: back, source: c, target: b, type: loop, config: { max_iterations: 4 } }
"""


def test_a_loop_repeats_its_body_within_its_bound() -> None:
    found = foreseen(LOOP)
    assert found["in"].calls == CallCount()
    assert found["body"].calls == CallCount(1, 4)


ITEMS = """
  blocks: [{ id: a, type: structured, LOOPED value: [1, 2, 3] }, { id: b, type: structured }]
  edges:
    - { id: e, source: a, target: b, type: TYPE }
"""
MAP = "map, config: { edge: { type: llm, config: { prompt: 'abcd {{item}}', model: m } } }"


def test_items_are_counted_where_they_are_known() -> None:
    assert foreseen(ITEMS.replace("LOOPED", "looped: true,").replace("TYPE", "llm"))[
        "e"
    ].calls == CallCount(3, 3)
    found = foreseen(ITEMS.replace("LOOPED", "").replace("TYPE", MAP))["e"]
    assert (found.calls, found.model) == (CallCount(3, 3), "m")
    assert found.prompt == CallCount(2, None)  # "abcd " is known, the item is not
    unknown = ITEMS.replace("LOOPED value: [1, 2, 3]", "").replace("TYPE", MAP)
    assert foreseen(unknown)["e"].calls == CallCount(0, None)


ASK = """
  blocks:
    - { id: text, type: text, schema: { type: string, maxLength: 40 } }
    - { id: answer, type: text }
  edges:
    - { id: ask, source: text, target: answer, type: llm, config: CONFIG }
  interface: { inputs: [{ name: text, type: string, required: true }] }
"""


@pytest.mark.parametrize(
    ("config", "inputs", "overrides", "prompt", "answer", "model"),
    [
        (
            '{ prompt: "12345678{{text}}" }',
            {},
            {},
            CallCount(2, 42),
            CallCount(1, None),
            "gpt-4o-mini",
        ),
        (
            '{ prompt: "12345678{{text}}" }',
            {"text": "1234"},
            {},
            CallCount(3, 3),
            CallCount(1, None),
            "gpt-4o-mini",
        ),
        ("{ max_tokens: 7, model: m }", {}, {}, CallCount(0, 40), CallCount(1, 7), "m"),
        (
            "{ model: m }",
            {},
            {"llm_model": "n", "max_tokens": 5},
            CallCount(0, 40),
            CallCount(1, 5),
            "n",
        ),
        (
            '{ messages: [{ role: system, content: "1234" }, { role: user, content: "{{text}}" }] }',
            {},
            {},
            CallCount(1, 41),
            CallCount(1, None),
            "gpt-4o-mini",
        ),
    ],
)
def test_tokens_and_models_of_a_question(
    config: str, inputs: Object, overrides: Object, prompt: CallCount, answer: CallCount, model: str
) -> None:
    found = foreseen(ASK.replace("CONFIG", config), inputs, **overrides)["ask"]
    assert (found.prompt, found.answer, found.model) == (prompt, answer, model)


def test_tokens_are_estimated_by_script() -> None:
    assert estimated_tokens("") == 0
    assert estimated_tokens("abcd") == 1
    assert estimated_tokens("今天天气") == 4


def test_vectors_of_a_server_are_foreseen_and_those_of_this_machine_cost_nothing() -> None:
    spec = """
  blocks:
    - { id: question, type: text }
    - { id: docs, type: structured, value: [aaaa, bbbb] }
    - { id: found, type: structured }
  edges: [{ id: find, source: [docs, question], target: found, type: retrieve, config: { query_id: question } }]
  interface: { inputs: [{ name: question, required: true }], outputs: [{ name: found }] }
"""
    given_: Object = {"question": "what is it"}
    far = foreseen(spec, given_, embedding_model="far-vectors")["find"]
    assert (far.model, far.embeds, far.prompt, far.answer) == (
        "far-vectors",
        True,
        CallCount(7, 7),
        CallCount(0, 0),
    )
    assert foreseen(spec, given_)["find"].model == ""
    assert foreseen(spec, given_, embedding_model="all-MiniLM-L6-v2")["find"].model == ""
