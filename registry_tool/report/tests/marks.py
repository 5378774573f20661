"""What every report of tests says of a case beside its outcome: who answered, if not the manifest's model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry_tool.engine.answerers import answered_words
from registry_tool.engine.testing.run_cases import CaseResult

BY_HAND = "answers written by hand"


def marks(case: CaseResult) -> Iterator[str]:
    """Sentences without an end: answers that were written by hand, models that answered for others."""
    if case.by_hand:
        yield f"{BY_HAND}: {', '.join(case.by_hand)}"
    for answered, requested in case.stand_ins:
        yield answered_words(answered, requested)


def summed_marks(cases: Sequence[CaseResult]) -> Iterator[str]:
    """Sentences on all cases: how many ran on answers written by hand, which models answered for others."""
    written = sum(bool(case.by_hand) for case in cases)
    if written:
        yield f"{written} of {len(cases)} tests ran on {BY_HAND}, which prove the way, not the model."
    pairs = dict.fromkeys(pair for case in cases for pair in case.stand_ins)
    for answered, requested in pairs:
        yield f"The manifest's model did not answer: {answered_words(answered, requested)}."
