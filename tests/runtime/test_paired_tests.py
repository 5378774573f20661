"""One version's tests on it and on the one before it, on a model that stands in for one that costs money."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import ModelAnswer, ModelRequest, Usage
from registry_tool.engine.providers.models.metered import Budget, Metered
from registry_tool.manifest.load import load
from registry_tool.runtime import live_tests
from registry_tool.runtime.paired_tests import PairedOptions, run_paired
from registry_tool.sources.program import Program

MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: t, version: "1.0.0" }
spec:
  blocks: [{ id: question, type: text }, { id: said, type: text }]
  edges:
    - { id: ask, source: question, target: said, type: llm, config: { prompt: "PROMPT {{question}}", model: m } }
  interface:
    inputs: [{ name: NAME, type: string, required: true, block: question }]
    outputs: [{ name: said, type: string, block: said }]
  tests:
    - { name: one, inputs: { NAME: "1" }, assert: [{ type: contains, value: good }] }
    - { name: two, inputs: { NAME: "2" }, assert: [{ type: contains, value: good }] }
"""


def program(prompt: str, name: str = "question") -> Program:
    text = MANIFEST.replace("PROMPT", prompt).replace("NAME", name)
    return Program(load(text.encode(), "t.yaml").workflow, {}, "t")


OLD, NEW = program("old"), program("new")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ModelRequest]:
    """Questions that were asked of a model which likes the new prompt, but not the second question."""
    seen: list[ModelRequest] = []

    class Scripted:
        name = "told"

        async def complete(self, request: ModelRequest, on_text: Any = None) -> ModelAnswer:
            seen.append(request)
            text = request.messages[-1].content
            return ModelAnswer("good" if text == "new 1" else "bad", "small", Usage(3, 1, 1))

        async def aclose(self) -> None:
            """Nothing is open."""

    def made(name: str, limits: object, budget: Budget | None) -> Metered:
        return Metered(Scripted(), lambda *_: 0.0, budget)

    monkeypatch.setattr(live_tests, "make_provider", made)
    return seen


def how(**more: Any) -> PairedOptions:
    return PairedOptions("told", more.pop("budget", Budget()), **more)


def test_each_test_is_run_on_both(asked: list[ModelRequest]) -> None:
    found = run_paired(OLD, NEW, how())
    assert [(one.test, one.base, one.new) for one in found.pairs] == [
        ("one", False, True),
        ("two", False, False),
    ]
    assert [request.messages[-1].content for request in asked] == [
        "old 1",
        "new 1",
        "old 2",
        "new 2",
    ]
    assert (found.left_out, found.ended) == ((), "")
    assert found.stand_ins == (("small", "m"),)


def test_repeats_have_numbers_of_their_own(asked: list[ModelRequest]) -> None:
    found = run_paired(OLD, NEW, how(runs=2))
    assert len(found.pairs) == 4
    assert [request.repeat for request in asked] == [0, 0, 0, 0, 1, 1, 1, 1]
    assert found.pairs[0] == found.pairs[2]  # the same answers


def test_a_test_that_the_base_does_not_take_is_left_out(asked: list[ModelRequest]) -> None:
    found = run_paired(OLD, program("new", "asked"), how(runs=2))
    assert found.pairs == ()
    assert [reason.partition(":")[0] for reason in found.left_out] == ["one", "two"]


def test_the_budget_is_of_both(asked: list[ModelRequest]) -> None:
    found = run_paired(OLD, NEW, how(budget=Budget(max_tokens=24)))
    assert found.ended == "the budget is spent"
    assert [one.test for one in found.pairs] == ["one"]


def test_a_model_that_can_not_be_asked_ends_it(
    asked: list[ModelRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent:
        name = "silent"

        async def complete(self, request: ModelRequest, on_text: Any = None) -> ModelAnswer:
            raise ProviderError("slow down", transient=True)

        async def aclose(self) -> None:
            """Nothing is open."""

    monkeypatch.setattr(live_tests, "make_provider", lambda *_: Silent())
    found = run_paired(OLD, NEW, how())
    assert (found.pairs, "slow down" in found.ended) == ((), True)


def test_a_test_whose_services_were_never_recorded_is_left_out(asked: list[ModelRequest]) -> None:
    fetching = MANIFEST.replace(
        "id: said, type: text }", "id: said, type: text }, { id: page, type: text }"
    )
    fetching = fetching.replace(
        "  interface:",
        "    - { id: get, source: said, target: page, type: http, config: { url: 'https://docs.example/' } }\n"
        "  runtime: { dependencies: { external_apis: [{ name: d, hosts: [docs.example] }] } }\n"
        "  interface:",
    )
    text = fetching.replace("PROMPT", "new").replace("NAME", "question")
    new = Program(load(text.encode(), "t.yaml").workflow, {}, "t")
    found = run_paired(OLD, new, how())
    assert found.pairs == ()
    assert all("no answer is recorded" in reason for reason in found.left_out)
    assert len(found.left_out) == 2


def test_an_answer_in_the_words_of_a_missing_recording_is_still_compared(
    asked: list[ModelRequest],
) -> None:
    saying = MANIFEST.replace("type: llm", "type: modify").replace(
        '{ prompt: "PROMPT {{question}}", model: m }',
        "{ modify_type: copy, content: no answer is recorded }",
    )
    saying = saying.replace("assert: [{ type: contains, value: good }]", "expected: { said: good }")
    new = Program(load(saying.replace("NAME", "question").encode(), "t.yaml").workflow, {}, "t")
    found = run_paired(OLD, new, how())
    assert ([one.new for one in found.pairs], found.left_out) == ([False, False], ())
