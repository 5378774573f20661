"""Recorded answers of models, and the test and edge that each belongs to.

A cassette is keyed by request, not by test: a recording belongs to the test whose inputs stand in its question,
and to the edge whose prompt does. What fits none belongs to none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from registry_tool.core.values import Value
from registry_tool.manifest.model import Edge, TestCase, Workflow
from registry_tool.site.facts.parts import prompts_of

_HOLES = re.compile(r"\{\{[^{}]*\}\}")
_SHORTEST = 3  # characters below which a text stands in any question


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One answer: the model asked, the one that answered, its text and tokens; `value` where the text is JSON."""

    asked: str
    answered: str
    question: str
    text: str
    value: Value
    input_tokens: int
    output_tokens: int


def recorded_answers(cassettes: bytes) -> tuple[RecordedAnswer, ...]:
    """The answers in a `tests/cassettes.json`; none where the file is broken, which a rule tells."""
    try:
        return tuple(_answer(item) for item in json.loads(cassettes)["recordings"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _answer(item: Any) -> RecordedAnswer:
    request, answer = item["request"], item["answer"]
    text, usage = _text(answer["text"]), answer.get("usage") or {}
    return RecordedAnswer(
        str(request["model"]),
        str(answer["model"]),
        "\n".join(_text(message.get("content", "")) for message in request["messages"]),
        text,
        _json(text),
        int(usage.get("input_tokens", 0)),
        int(usage.get("output_tokens", 0)),
    )


def _text(value: Any) -> str:
    """A text, which long ones are kept as a list of lines of."""
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _json(text: str) -> Value:
    try:
        found: Value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (dict, list)) else None


def of_test(test: TestCase, tests: Iterable[TestCase], answer: RecordedAnswer) -> bool:
    """Whether an answer belongs to a test, and to no earlier one better."""
    mine = _shared(test, answer)
    if not mine:
        return False
    best = max(tests, key=lambda other: _shared(other, answer))
    return best is test


def _shared(test: TestCase, answer: RecordedAnswer) -> int:
    """How many characters of the test's inputs the question holds."""
    texts = [value for value in test.inputs.values() if isinstance(value, str)]
    return sum(len(text) for text in texts if len(text) >= _SHORTEST and text in answer.question)


def edge_of(workflow: Workflow, answer: RecordedAnswer) -> Edge | None:
    """The edge whose prompt the question holds most of."""
    found = max(workflow.edges, key=lambda edge: _told(edge, answer), default=None)
    return found if found is not None and _told(found, answer) else None


def _told(edge: Edge, answer: RecordedAnswer) -> int:
    return sum(
        len(part)
        for _, text in prompts_of(edge)
        for part in map(str.strip, _HOLES.split(text))
        if len(part) >= _SHORTEST and part in answer.question
    )
