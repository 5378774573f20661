"""Likeness by the embedder."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from registry_tool.core.values import Object
from registry_tool.engine.assertions.base import Outcome, RunSeen
from registry_tool.engine.edges.base import Services
from tests.engine.assertions.judged import FAILED, PASSED, judged


class Axes:
    """An embedder whose meaning of a text is its length and its first letter."""

    name = "axes"

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        return [[1.0, 0.0] if text.startswith("H") else [0.6, 0.8] for text in texts]


@pytest.mark.parametrize(
    ("type_", "threshold", "outcome"),
    [
        ("similar", 0.6, PASSED),
        ("similar", 0.61, FAILED),
        ("similar:cosine", 0.6, PASSED),
        ("similar:dot", 0.7, FAILED),
        ("similar:euclidean", 0.5, PASSED),
        ("not-similar", 0.61, PASSED),
    ],
)
def test_similar_goes_by_the_embedder(type_: str, threshold: float, outcome: Outcome) -> None:
    run = RunSeen({}, services=Services(embedder=Axes()))
    form: Object = {"type": type_, "value": "Bye", "threshold": threshold}
    assert judged(form, "Hello", run).outcome is outcome
    assert judged({**form, "value": ["Bye", "Hi"]}, "Hello", run).score in {1.0, 0.0}
