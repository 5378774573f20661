"""The break in a row is found with few questions, and what can't be judged is left out."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.assertions.base import Outcome
from registry_tool.engine.testing.bisection import find_break

UNSURE = (Outcome.INCONCLUSIVE, Outcome.ERROR)


@given(st.integers(2, 60), st.data())
def test_the_break_is_found(size: int, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, size - 1))
    unsure = data.draw(st.sets(st.integers(1, size - 2))) if size > 2 else set()
    asked: list[int] = []

    def probe(position: int) -> Outcome:
        asked.append(position)
        if position in unsure:
            return UNSURE[position % 2]
        return Outcome.PASSED if position < at else Outcome.FAILED

    found = find_break(0, size - 1, probe)
    sure = [p for p in range(size) if p in {0, size - 1} or p not in unsure]
    assert found.good == max(p for p in sure if p < at)
    assert found.bad == min(p for p in sure if p >= at)
    assert found.unsure == tuple(range(found.good + 1, found.bad))
    assert len(asked) == len(set(asked))
    if not unsure:
        assert len(asked) <= math.ceil(math.log2(size))
