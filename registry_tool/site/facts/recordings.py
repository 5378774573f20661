"""Recorded answers of models, and the test and edge that each belongs to.

A cassette is keyed by request, not by test: a recording belongs to the test whose inputs stand in its question,
and to the edge whose prompt does. What fits none belongs to none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from registry_tool.core.values import Value
from registry_tool.manifest.model import Edge, TestCase, Workflow
from registry_tool.manifest.names import MAX_NUMBER
from registry_tool.site.facts.parts import prompts_of

_HOLES = re.compile(r"\{\{[^{}]*\}\}")
_SHORTEST = 3  # characters below which a text stands in any question
_MOST_LOOKS = 50_000
"""Where answers times inputs, or answers times prompts, are more, nobody looks which belongs to which."""
_QUESTION = 20_000  # characters of a question that texts are looked for in


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
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return ()


def _answer(item: Any) -> RecordedAnswer:
    request, answer = item["request"], item["answer"]
    text, usage = _text(answer["text"]), answer.get("usage") or {}
    return RecordedAnswer(
        _text(request["model"]),
        _text(answer["model"]),
        "\n".join(_text(m.get("content", "")) for m in request["messages"])[:_QUESTION],
        text,
        _json(text),
        min(int(usage.get("input_tokens", 0)), MAX_NUMBER),
        min(int(usage.get("output_tokens", 0)), MAX_NUMBER),
    )


def _text(value: Any) -> str:
    """A text, which long ones are kept as a list of lines of; halves of characters are replaced."""
    text = "\n".join(map(str, value)) if isinstance(value, list) else str(value)
    return text.encode("utf-8", "replace").decode()


def _json(text: str) -> Value:
    try:
        found: Value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (dict, list)) else None


def by_test(tests: Sequence[TestCase], answers: Sequence[RecordedAnswer]) -> list[list[int]]:
    """The positions of each test's answers: an answer belongs to the test whose inputs it holds most of."""
    found: list[list[int]] = [[] for _ in tests]
    texts_of = [_texts(test) for test in tests]
    if not any(texts_of) or len(answers) * sum(map(len, texts_of)) > _MOST_LOOKS:
        return found
    for position, answer in enumerate(answers):
        held = [_held(texts, answer) for texts in texts_of]
        if most := max(held):
            found[held.index(most)].append(position)
    return found


def _texts(test: TestCase) -> list[str]:
    """A test's inputs that can be distinguished from others in a question."""
    texts = (value for value in test.inputs.values() if isinstance(value, str))
    return [text for text in texts if len(text) >= _SHORTEST]


def _held(texts: Iterable[str], answer: RecordedAnswer) -> int:
    """How many characters of these texts the question holds."""
    return sum(len(text) for text in texts if text in answer.question)


def edges_of(workflow: Workflow, answers: Sequence[RecordedAnswer]) -> list[Edge | None]:
    """For each answer the edge whose prompt its question holds most of; None where it holds none."""
    parts_of = [(edge, parts) for edge in workflow.edges if (parts := _parts(edge))]
    if not parts_of or len(answers) * sum(len(parts) for _, parts in parts_of) > _MOST_LOOKS:
        return [None] * len(answers)
    found: list[Edge | None] = []
    for answer in answers:
        held = [_held(parts, answer) for _, parts in parts_of]
        most = max(held)
        found.append(parts_of[held.index(most)][0] if most else None)
    return found


def _parts(edge: Edge) -> list[str]:
    """What an edge tells a model, between the places that are filled in."""
    parts = (part for _, text in prompts_of(edge) for part in map(str.strip, _HOLES.split(text)))
    return [part for part in parts if len(part) >= _SHORTEST]
