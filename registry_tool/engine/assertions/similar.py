"""The assertion `similar`: how near two texts are in meaning, by the run's embedder."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Frozen
from registry_tool.engine.assertions.base import (
    Assertion,
    AssertionContext,
    AssertionResult,
    at_least,
    unjudged,
    wanted_texts,
)

_USUAL = 0.75
_Measure = Callable[[Sequence[float], Sequence[float]], float]


def dot(one: Sequence[float], other: Sequence[float]) -> float:
    """The dot product."""
    return math.sumprod(one, other) if hasattr(math, "sumprod") else sum(map(_times, one, other))


def _times(a: float, b: float) -> float:
    return a * b


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """The cosine of the angle between two vectors, 0 where one of them is zero."""
    lengths = math.hypot(*one) * math.hypot(*other)
    return dot(one, other) / lengths if lengths else 0.0


def euclidean(one: Sequence[float], other: Sequence[float]) -> float:
    """1 for the same place, less the farther away: 1 / (1 + distance)."""
    return 1 / (1 + math.dist(one, other))


def _similar(type_: str, measure: _Measure) -> Assertion:
    async def check(look: AssertionContext, form: Frozen) -> AssertionResult:
        embedder = look.run.services.embedder
        references = wanted_texts(form)
        if embedder is None:
            return unjudged("this run has no embedder")
        try:
            own, *others = await embedder.embed([look.text, *references])
        except MissingToolError as error:
            return unjudged(str(error))
        return at_least(max(measure(own, other) for other in others), form, _USUAL)

    return Assertion(type_, check)


SIMILAR = _similar("similar", cosine)
SIMILAR_COSINE = _similar("similar:cosine", cosine)
SIMILAR_DOT = _similar("similar:dot", dot)
SIMILAR_EUCLIDEAN = _similar("similar:euclidean", euclidean)
