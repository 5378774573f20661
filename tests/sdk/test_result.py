"""Typed ways to read a result; what is not there or of another kind is named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypedDict

import pytest

from puppyai.workflows import InvalidRequestError, Result, RunFailedError, Usage
from puppyai.workflows.result import succeeded

RESULT = Result(
    {
        "sentiment": {"label": "positive", "score": 0.8, "certain": True},
        "words": ["a", "b"],
        "count": 2,
        "status": "taken",
    }
)


@dataclass
class Sentiment:
    label: str
    score: float
    certain: bool = False


class Loose(TypedDict):
    label: str


def test_outputs_are_attributes_and_typed_by_route() -> None:
    assert RESULT.count == 2
    assert RESULT.text("sentiment", "label") == "positive"
    assert RESULT.number("sentiment", "score") == 0.8
    assert RESULT.number("count") == 2.0
    assert RESULT.boolean("sentiment", "certain")
    assert RESULT.items("words") == ["a", "b"]
    assert RESULT.at("words", -1) == "b"
    assert RESULT.object("sentiment")["label"] == "positive"
    assert (RESULT.status, RESULT.outputs["status"]) == ("success", "taken")


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (lambda: RESULT.text("count"), "output count is a number, not a string"),
        (lambda: RESULT.number("sentiment", "certain"), "sentiment.certain is a boolean"),
        (lambda: RESULT.text("nothing"), "no output nothing.*there are sentiment, words"),
        (lambda: RESULT.at("words", 7), r"no output words\.7"),
        (lambda: RESULT.at("words", "a"), r"no output words\.a"),
        (lambda: RESULT.object("words"), "is a list, not an object"),
    ],
)
def test_what_is_not_there_or_something_else_is_named(read: Any, said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        read()
    with pytest.raises(AttributeError, match="there are sentiment"):
        _ = RESULT.nothing


def test_an_output_becomes_ones_own_type() -> None:
    assert RESULT.decode("sentiment", Sentiment) == Sentiment("positive", 0.8, True)
    assert RESULT.decode("sentiment", Loose)["label"] == "positive"
    assert RESULT.decode("words", list[str]) == ["a", "b"]
    with pytest.raises(InvalidRequestError, match=r"'words' is not list\[int\].*\$\[0\]"):
        RESULT.decode("words", list[int])


def test_a_failed_run_is_an_error_with_its_result() -> None:
    assert succeeded(RESULT) is RESULT
    failed = Result({}, "timeout", "exec-1", error="too late")
    with pytest.raises(RunFailedError, match="exec-1: too late") as caught:
        succeeded(failed)
    assert caught.value.result is failed
    assert Usage(calls=2)["calls"] == 2
