"""What a run would do and cost, in words."""

from __future__ import annotations

import json

import pytest

from registry_tool.engine.estimate import CallCount, EdgeForecast
from registry_tool.manifest.egress import Flow
from registry_tool.manifest.flow.toxic import toxic_flows
from registry_tool.manifest.model import Edge, Fallback
from registry_tool.report.explain import (
    ExplainedEdge,
    Explanation,
    ModelCost,
    amount,
    dollars,
    explanation_text,
    times,
)
from tests.manifest.flow.build import edge, text_input, workflow


@pytest.mark.parametrize(
    ("calls", "words"),
    [
        (CallCount(0, 0), "never"),
        (CallCount(1, 1), "once"),
        (CallCount(3, 3), "3 times"),
        (CallCount(0, 1), "at most once"),
        (CallCount(0, 2), "0 to 2 times"),
        (CallCount(1, 10), "1 to 10 times"),
        (CallCount(1, None), "once an item"),
    ],
)
def test_how_often(calls: CallCount, words: str) -> None:
    assert times(calls) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (CallCount(12, 12), "12 tokens"),
        (CallCount(12, 40), "12 to 40 tokens"),
        (CallCount(12, None), "12 tokens or more"),
    ],
)
def test_how_much(span: CallCount, words: str) -> None:
    assert amount(span, "tokens") == words


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (None, None, "no price is known"),
        (0.0, 0.0, "free"),
        (0.5, 0.5, "$0.500000"),
        (0.0, 0.25, "$0.000000 to $0.250000"),
        (0.5, None, "from $0.500000; no upper bound (set max_tokens, and maxLength on inputs)"),
    ],
)
def test_what_it_costs(least: float | None, most: float | None, words: str) -> None:
    assert dollars(least, most) == words


def explained(**about: object) -> Explanation:
    nothing: dict[str, object] = {
        **{"reference": "a:1.0.0", "digest": "sha256:x", "environment": "", "provider": ""},
        **{"timeout": "", "steps": (), "costs": (), "flows": (), "callees": ()},
    }
    return Explanation(**{**nothing, **about})  # type: ignore[arg-type]


def test_a_run_that_does_nothing_says_so() -> None:
    text = explanation_text(explained())
    assert "Steps of a:1.0.0:\n  none\n" in text
    assert "Models:\n  none is asked\n" in text
    assert text.endswith("  nowhere: everything stays on this machine")


def test_every_part_is_reported_and_strangers_words_move_no_terminal() -> None:
    edge = Edge("ask", "llm", ("q",), ("said", "more"))
    step = ExplainedEdge(
        "b:2.0.0", EdgeForecast(1, edge, CallCount(1, 2), "m\x1b[31m"), ("openai",)
    )
    found = explained(
        environment="production",
        provider="openai",
        timeout="5m",
        steps=(step,),
        costs=(ModelCost("m", CallCount(2, 2), CallCount(7, 9), None, None),),
        flows=(Flow("who", "api.example.com", personal=True, by="ask"),),
        callees=("b:2.0.0",),
    )
    text = explanation_text(found)
    assert text.startswith("a:1.0.0 in production, answered by openai\n")
    assert "  stopped after 5m\n" in text
    assert "Steps of b:2.0.0:\n  1. ask (llm): q → said, more, 1 to 2 times, asks m" in text
    assert "\x1b" not in text
    assert "  m: 2 times, about 7 to 9 tokens, no price is known\n" in text
    assert "  who (personal) → api.example.com, by ask" in text
    document = json.loads(json.dumps(found.to_value()))
    assert (document["steps"][0]["model"], document["steps"][0]["sends_to"]) == (
        "m\x1b[31m",
        ["openai"],
    )
    assert document["costs"][0]["tokens"] == {"least": 7, "most": 9}


def test_when_a_step_runs_and_what_its_failure_does() -> None:
    soft = Edge("ask", "llm", ("q",), ("a",), when=("b", "c"), on_error=Fallback())
    given = Edge("say", "llm", ("q",), ("a",), on_error=Fallback("x", has_value=True))
    steps = tuple(
        ExplainedEdge("a:1.0.0", EdgeForecast(1, edge, CallCount(0, 1)), ())
        for edge in (soft, given)
    )
    found = explained(steps=steps)
    assert (
        "  1. ask (llm): q → a, at most once\n"
        "     only where b or c was taken (when)\n"
        "     where it fails, the run goes on, and what hangs on its targets alone is skipped (on_error)\n"
        "  1. say (llm): q → a, at most once\n"
        "     where it fails, its targets get a value that the manifest says (on_error)\n"
    ) in explanation_text(found)
    first, second = json.loads(json.dumps(found.to_value()))["steps"]
    assert (first["when"], first["on_error"]) == (["b", "c"], "skip")
    assert ("when" in second, second["on_error"]) == (False, "value")


def test_where_untrusted_text_and_private_data_go_together() -> None:
    ask = edge("ask", "llm", ["letter", "wish"], "out", prompt="{{wish}} {{letter}}", model="small")
    flow = workflow(ask, inputs=(text_input("letter", pii=True), text_input("wish")))
    found = explained(toxic=toxic_flows(flow), isolating=("verdict",))
    told = explanation_text(found)
    assert (
        "Where untrusted text and private data go together:\n  NOT DECLARED: untrusted text" in told
    )
    assert told.endswith("\nUntrusted text stops at (closed schemas): verdict")
    (value,) = json.loads(json.dumps(found.to_value()))["toxic_flows"]
    assert value["private"] == {"what": "the personal input letter", "way": ["letter", "ask (llm)"]}
