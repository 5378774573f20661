"""What differs between recorded answers and those that models give now.

Words may differ from day to day; what counts is a test that no longer passes, a model that calls itself by another
name, and answers that became much longer or shorter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry_tool.core.files import canonical_json
from registry_tool.core.values import Object
from registry_tool.engine.providers.cassettes.cassette import Cassette, Recording
from registry_tool.engine.testing.run_cases import CaseResult

TEST, MODEL, LENGTH = "test", "model", "length"
FACTOR = 2.0
"""Answers that take so many times as many tokens, or as few, are another model's answers."""
_ENOUGH = 100  # tokens, below which lengths say nothing


@dataclass(frozen=True, slots=True)
class DriftDifference:
    """`kind` is one of the constants above; `what` names the test or the model, `words` say how it differs."""

    kind: str
    what: str
    words: str

    def to_value(self) -> Object:
        """As JSON."""
        return {"kind": self.kind, "what": self.what, "words": self.words}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How answers of today stand to recorded ones: `same` and `reworded` questions, and what counts."""

    differences: tuple[DriftDifference, ...] = ()
    same: int = 0
    reworded: int = 0
    unrecorded: int = 0


def compare(
    before: Sequence[CaseResult], now: Sequence[CaseResult], recorded: Cassette, live: Cassette
) -> Comparison:
    """The differences of verdicts and of the answers to equal questions."""
    pairs = list(_pairs(recorded.recordings, live.recordings))
    reworded = sum(was.answer.text != is_.answer.text for was, is_ in pairs)
    return Comparison(
        (*_verdicts(before, now), *_names(pairs), *_lengths(pairs)),
        len(pairs) - reworded,
        reworded,
        len(live.recordings) - len(pairs),
    )


def only_reworded(recorded: Cassette, live: Cassette) -> tuple[Cassette, Cassette]:
    """The recordings, before and now, of equal questions with other words in their answers."""
    pairs = list(_pairs(recorded.recordings, live.recordings))
    other = [(was, is_) for was, is_ in pairs if was.answer.text != is_.answer.text]
    return Cassette({was.key: was for was, _ in other}), Cassette(
        {now.key: now for _, now in other}
    )


def _pairs(
    recorded: Mapping[str, Recording], live: Mapping[str, Recording]
) -> Iterator[tuple[Recording, Recording]]:
    """Equal questions, whatever model they were put to: an environment may have chosen another one."""
    known = {_question(recording): recording for recording in recorded.values()}
    live_by_question = {_question(recording): recording for recording in live.values()}
    for question in sorted(known.keys() & live_by_question.keys()):
        yield known[question], live_by_question[question]


def _question(recording: Recording) -> bytes:
    keys = ("messages", "schema", "tools", "repeat")
    return canonical_json({key: recording.request.get(key) for key in keys})


def _verdicts(before: Iterable[CaseResult], now: Iterable[CaseResult]) -> Iterator[DriftDifference]:
    passed = {case.name for case in before if case.passed}
    for case in now:
        if case.name in passed and not case.passed:
            reasons = "; ".join(dict.fromkeys(case.reasons)) or "no reason was given"
            yield DriftDifference(TEST, case.name, f"{case.outcome.value}: {reasons}")


def _names(pairs: Iterable[tuple[Recording, Recording]]) -> Iterator[DriftDifference]:
    changed = {
        (was.answer.model, now.answer.model)
        for was, now in pairs
        if was.request.get("model") == now.request.get("model")
        and was.answer.model != now.answer.model
    }
    for before, after in sorted(changed):
        yield DriftDifference(MODEL, before, f"now calls itself {after}")


def _lengths(pairs: Iterable[tuple[Recording, Recording]]) -> Iterator[DriftDifference]:
    tokens: dict[str, tuple[int, int]] = {}
    for was, now in pairs:
        name = str(was.request.get("model", ""))
        before, after = tokens.get(name, (0, 0))
        tokens[name] = (
            before + was.answer.usage.output_tokens,
            after + now.answer.usage.output_tokens,
        )
    for name, (before, after) in sorted(tokens.items()):
        low, high = sorted((before, after))
        if high >= _ENOUGH and high > FACTOR * low:
            words = f"{after} tokens for the answers that took {before}"
            yield DriftDifference(LENGTH, name, words)
