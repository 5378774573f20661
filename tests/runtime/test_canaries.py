"""Orders planted in recorded tests: what they reach, what follows if a model obeys, and what isolation stops."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.manifest.load import load
from registry_tool.rules.planted import CanaryOutcome, CanaryReport
from registry_tool.runtime import canaries as module
from registry_tool.runtime.canaries import IGNORING, OBEYING, plant
from registry_tool.sources.program import Program
from registry_tool.store import paths

HEAD = (
    'apiVersion: puppyai.com/v1\nkind: Workflow\nmetadata: { name: t, version: "1.0.0" }\nspec:\n'
)
SORTER = """
  blocks:
    - { id: letter, type: text }
    - { id: said, type: text }
    - { id: urgent, type: text }
    - { id: usual, type: text }
    - { id: kept, type: structured }
  edges:
    - { id: ask, source: letter, target: said, type: llm, config: { prompt: "Sort {{letter}}", model: m } }
    - id: choose
      source: said
      target: [urgent, usual]
      type: branch
      config:
        cases:
          now:
            conditions: [{ block: said, condition: is, parameters: { value: late }, operation: / }]
            thens: [{ from: said, to: usual }]
        else: [{ from: said, to: urgent }]
    - { id: keep, source: urgent, target: kept, type: save, config: { path: urgent.txt } }
  interface:
    inputs:
      - { name: letter, type: string, required: true, block: letter }
      - { name: count, type: integer, default: 1 }
    outputs: [{ name: usual, type: string, block: usual }, { name: urgent, type: string, block: urgent }]
  tests:
    - { name: a letter, inputs: { letter: "My parcel is not here" }, expected: { usual: late } }
"""


def program(spec: str, *answers: tuple[str, str], **files: bytes) -> Program:
    cassette = Cassette()
    for prompt, answer in answers:
        cassette.add(
            ModelRequest("m", (Message("user", prompt),)), ModelAnswer(answer, "m", Usage())
        )
    flow = load((HEAD + spec).encode(), "t.yaml").workflow
    return Program(flow, {paths.CASSETTES: cassette.to_bytes(), **files}, "t")


def outcomes(report: CanaryReport) -> dict[str, CanaryOutcome]:
    return {outcome.model: outcome for outcome in report.outcomes}


def test_a_model_that_obeys_takes_another_way_than_one_that_does_not() -> None:
    report = plant(program(SORTER, ("Sort My parcel is not here", "late")))
    assert (report.sources, report.cases, report.untold) == (("the input letter",), 1, "")
    found = outcomes(report)
    assert found[IGNORING] == CanaryOutcome(IGNORING, (("the input letter", "the prompt of ask"),))
    assert found[OBEYING].ran == ("keep",)
    assert {place for _, place in found[OBEYING].reached} == {
        "the prompt of ask",
        "the output urgent",
        "the saved files (keep)",
    }


def test_a_closed_schema_stops_them() -> None:
    closed = SORTER.replace(
        "{ id: said, type: text }",
        "{ id: said, type: structured, schema: { enum: [late, other] } }",
    )
    flow = load((HEAD + closed).encode(), "t.yaml").workflow
    cassette = Cassette()
    words = 'Answer with JSON only: "late" or "other"'
    asked = (Message("system", words), Message("user", "Sort My parcel is not here"))
    cassette.add(
        ModelRequest("m", asked, schema={"enum": ["late", "other"]}),
        ModelAnswer('"late"', "m", Usage()),
    )
    report = plant(Program(flow, {paths.CASSETTES: cassette.to_bytes()}, "t"))
    found = outcomes(report)
    assert (
        found[OBEYING].reached
        == found[IGNORING].reached
        == (("the input letter", "the prompt of ask"),)
    )
    assert not (found[OBEYING].ran or found[OBEYING].failures)


def test_an_answer_written_by_hand_obeys_too() -> None:
    by_hand = SORTER.replace(
        "expected: { usual: late } }", "expected: { usual: late }, answers: { ask: late } }"
    )
    found = outcomes(plant(program(by_hand)))
    assert found[IGNORING].ran == ()
    assert found[OBEYING].ran == ("keep",)
    assert ("the input letter", "the output urgent") in found[OBEYING].reached


LOADER = """
  blocks:
    - { id: file, type: file, value: { path: faq.md } }
    - { id: text, type: text }
    - { id: found, type: text }
  edges:
    - { id: read, source: file, target: text, type: load }
    - id: look
      source: text
      target: found
      type: modify
      config: { modify_type: edit_text, content: "It says {{text}}" }
  interface:
    outputs: [{ name: found, type: string, block: found }]
  tests:
    - { name: a file, expected: { found: It says open at nine } }
"""


def test_orders_are_planted_in_what_edges_bring_in() -> None:
    report = plant(program(LOADER, **{"resources/faq.md": b"open at nine"}))
    assert report.sources == ("the file that read loads",)
    assert outcomes(report)[IGNORING].reached == (("the file that read loads", "the output found"),)


def test_a_test_that_fails_without_any_order_tells_nothing() -> None:
    found = outcomes(plant(program(SORTER)))[IGNORING]
    assert found.reached == ()
    assert found.failures == (
        "a letter: without any order, too: it asks what was never recorded, so nothing behind that is shown",
    )


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        (SORTER[: SORTER.index("  tests:")], "no tests"),
        (
            SORTER.replace("name: letter, type: string,", "name: letter, enum: [a b, c],"),
            "no words",
        ),
    ],
)
def test_where_nothing_can_be_planted(spec: str, why: str) -> None:
    report = plant(program(spec))
    assert report.untold.startswith(why)
    assert report.outcomes == ()


def test_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    more = SORTER + '    - { name: another, inputs: { letter: "My parcel is not here" } }\n'
    monkeypatch.setattr(module, "SECONDS", -1.0)
    assert plant(program(more, ("Sort My parcel is not here", "late"))).cases == 0


def test_a_real_model_is_asked_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gullible:
        name = "gullible"

        async def complete(self, request: ModelRequest, on_text: Any = None) -> ModelAnswer:
            words = request.messages[-1].content.rpartition("the word ")[2].rstrip(".")
            return ModelAnswer(words if "canary" in words else "late", "m", Usage())

        async def aclose(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(module, "make_provider", lambda name: Gullible())
    (found,) = plant(program(SORTER), "local").outcomes
    assert found.model == "the provider local"
    assert ("the input letter", "the output urgent") in found.reached
