from __future__ import annotations

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest, Usage
from registry_tool.engine.testing.run_cases import CaseResult
from registry_tool.monitoring.drift import compare, only_reworded


def answers(
    *said: tuple[str, str], model: str = "gpt-4o", by: str = "gpt-4o-2024-08-06", tokens: int = 60
) -> Cassette:
    cassette = Cassette()
    for question, text in said:
        request = ModelRequest(model, (Message("user", question),))
        cassette.add(request, ModelAnswer(text, by, Usage(10, tokens, 1)))
    return cassette


def case(name: str, outcome: Outcome, *reasons: str) -> CaseResult:
    return CaseResult(name, outcome, reasons=reasons)


BEFORE = answers(("a?", "yes"), ("b?", "no"))


def test_other_words_alone_are_no_drift() -> None:
    now = answers(("a?", "Yes, indeed."), ("b?", "no"), ("c?", "new"))
    found = compare((), (), BEFORE, now)
    assert (found.differences, found.same, found.reworded, found.unrecorded) == ((), 1, 1, 1)
    was, is_ = only_reworded(BEFORE, now)
    assert [r.answer.text for r in (*was.ordered(), *is_.ordered())] == ["yes", "Yes, indeed."]


def test_a_test_that_passed_and_no_longer_does_is_drift() -> None:
    before = [
        case("one", Outcome.PASSED),
        case("two", Outcome.FAILED),
        case("three", Outcome.PASSED),
    ]
    now = [
        case("one", Outcome.FAILED, "label is sad", "label is sad"),
        case("two", Outcome.FAILED, "as ever"),
        case("three", Outcome.PASSED),
        case("new", Outcome.FAILED, "never passed"),
    ]
    [found] = compare(before, now, BEFORE, BEFORE).differences
    assert (found.kind, found.what, found.words) == ("test", "one", "failed: label is sad")


def test_a_model_that_calls_itself_otherwise_is_drift_unless_another_one_was_asked() -> None:
    same = [("a?", "yes"), ("b?", "no")]
    [found] = compare((), (), BEFORE, answers(*same, by="gpt-4o-2024-11-20")).differences
    assert found.kind == "model"
    assert found.words == "now calls itself gpt-4o-2024-11-20"
    assert not compare((), (), BEFORE, answers(*same, model="m", by="m-1")).differences


def test_answers_twice_as_long_are_drift_once_there_are_enough_of_them() -> None:
    same = [("a?", "yes"), ("b?", "no")]
    [found] = compare((), (), BEFORE, answers(*same, tokens=121)).differences
    assert found.words == "242 tokens for the answers that took 120"
    assert compare((), (), BEFORE, answers(*same, tokens=29)).differences[0].kind == "length"
    assert not compare((), (), BEFORE, answers(*same, tokens=120)).differences
    few = answers(*same, tokens=3)
    assert not compare((), (), few, answers(*same, tokens=40)).differences
