from __future__ import annotations

from typing import Any

from registry_tool.engine.testing.canaries.orders import order_of
from registry_tool.runtime.canary_traces import RunTrace, outcome_of_traces
from tests.manifest.flow.build import HOOK, edge, text_input, workflow

ORDER = order_of("canaryaa")
FLOW = workflow(
    edge("ask", "llm", "a", "b", prompt="{{a}} {{tone}}", model="m"),
    edge("send", "http", "b", "c", url=HOOK, method="POST", body="{{b.text}}"),
    edge("call", "workflow", "b", "d", name="other", inputs={"x": "{{b}}"}),
    inputs=(text_input("a"), {"name": "tone", "type": "string"}),
)
NAMES = {"canaryaa": "the input a"}


def outcome(base: RunTrace, found: RunTrace) -> Any:
    return outcome_of_traces("m", FLOW, [(base, found)], NAMES)


def test_what_started_edges_read_is_where_it_goes() -> None:
    blocks: dict[str, Any] = {"a": f"x {ORDER}", "b": {"text": f"y {ORDER}"}}
    found = RunTrace("one", frozenset({"ask", "send", "call"}), blocks)
    assert outcome(RunTrace("one", found.started), found).reached == (
        ("the input a", "the host hooks.example.com (send)"),
        ("the input a", "the prompt of ask"),
        ("the input a", "the workflow other (call)"),
    )
    inputs = RunTrace("one", frozenset({"ask"}), inputs={"tone": ORDER})
    assert outcome(RunTrace("one"), inputs).reached == (("the input a", "the prompt of ask"),)


def test_what_is_not_read_goes_nowhere() -> None:
    blocks: dict[str, Any] = {"b": {"text": "clean", "other": ORDER}}
    found = RunTrace("one", frozenset({"send"}), blocks)
    assert outcome(RunTrace("one", found.started), found).reached == ()


def test_ways_and_outputs_that_change() -> None:
    base = RunTrace("one", frozenset({"ask", "send"}), outputs={"same": "x", "other": 1})
    outputs: dict[str, Any] = {"same": f"x {ORDER}", "other": 2}
    found = outcome(base, RunTrace("one", frozenset({"ask", "call"}), outputs=outputs))
    assert (found.ran, found.skipped, found.changed) == (("call",), ("send",), ("other",))
    assert found.reached == (("the input a", "the output same"),)


def test_a_run_that_ends_early_shows_what_it_shows() -> None:
    base = RunTrace("one", frozenset({"ask", "send"}), outputs={"same": "x"})
    found = outcome(base, RunTrace("one", frozenset({"ask"}), {"a": ORDER}, error="e" * 400))
    assert found.reached == (("the input a", "the prompt of ask"),)
    assert (found.skipped, found.changed) == ((), ())
    assert found.failures == (f"one: {'e' * 300}…",)
