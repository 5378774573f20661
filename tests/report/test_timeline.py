"""Timelines of real runs."""

from __future__ import annotations

import asyncio

from registry_tool.engine.edges.base import Services
from registry_tool.engine.run import Callee, RunSettings, run
from registry_tool.report.timeline import Timeline, timeline_text
from tests.engine.small import ScriptedModel, asking, go, workflow

FLOW = """
  blocks: [{ id: a, type: text, value: x }, { id: b, type: text }, { id: c, type: text }, { id: d, type: text }]
  edges:
    - { id: one, source: a, target: b, type: workflow, config: { name: callee, inputs: { question: "{{a}}" } } }
    - { id: two, source: b, target: c, type: llm, config: { prompt: "{{b}}" } }
"""


def test_it_shows_what_ran_when_also_in_called_workflows() -> None:
    timeline = Timeline()
    result = go(
        workflow(FLOW),
        services=Services(model=ScriptedModel(seconds=0.01)),
        callees={"callee": Callee(asking())},
        listeners=(timeline,),
    )
    assert result.status == "success", result.error
    assert [(span.edge, span.depth, span.status) for span in timeline.spans] == [
        ("one", 0, "ok"),
        ("ask", 1, "ok"),
        ("two", 0, "ok"),
    ]
    one, ask, two = timeline.spans
    assert one.start <= ask.start <= ask.end <= one.end <= two.start
    assert (two.input_tokens, two.output_tokens, two.notes) == (3, 2, ["told-1"])
    lines = timeline_text(timeline).splitlines()
    assert "    ask" not in lines[0]
    assert "  ask (llm)" in lines[1]
    assert "3 + 2 tokens  told-1" in lines[2]
    assert all(line.count("|") == 2 and "█" in line for line in lines)


def test_failures_and_what_never_ended_are_reported_and_hostile_words_are_inert() -> None:
    timeline = Timeline()
    hostile = workflow(
        '  blocks: [{ id: a, type: text, value: "::error::x" }, { id: b, type: text }]\n  edges:\n'
        "    - { id: e, source: a, target: b, type: modify, config: { modify_type: '::error::boo' } }\n"
    )
    go(hostile, listeners=(timeline,))
    (span,) = timeline.spans
    assert span.status == "failed"
    text = timeline_text(timeline)
    assert "!!!" in text
    assert "\n::" not in text


def test_a_cancelled_edge_is_unfinished() -> None:
    timeline = Timeline()

    async def cancel() -> None:
        settings = RunSettings(
            "x", services=Services(model=ScriptedModel(seconds=9)), listeners=(timeline,)
        )
        task = asyncio.create_task(run(asking(), {"question": "q"}, settings))
        await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(cancel())
    assert [span.status for span in timeline.spans] == ["unfinished"]
    assert "?" in timeline_text(timeline)


def test_nothing_ran() -> None:
    assert timeline_text(Timeline()) == ""
