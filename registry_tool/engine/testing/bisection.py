"""Where in a row of versions a test broke: halves what is left, and goes around what can't be judged."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.core.records import Record
from registry_tool.engine.assertions.base import Outcome


class Break(Record, frozen=True):
    """Positions: the last that passed and the first that failed; between them lie only `unsure` ones."""

    good: int
    bad: int
    unsure: tuple[int, ...] = ()


def find_break(good: int, bad: int, probe: Callable[[int], Outcome]) -> Break:
    """The break between a position that passes and a later one that fails, asking for as few as can be.

    Whatever neither passes nor fails (an answer that was never recorded, too few runs) is left out.
    """
    unsure: set[int] = set()
    while True:
        middle = (good + bad) / 2
        left = sorted(
            (position for position in range(good + 1, bad) if position not in unsure),
            key=lambda position: (abs(position - middle), position),
        )
        if not left:
            return Break(good, bad, tuple(sorted(one for one in unsure if good < one < bad)))
        outcome = probe(left[0])
        if outcome is Outcome.PASSED:
            good = left[0]
        elif outcome is Outcome.FAILED:
            bad = left[0]
        else:
            unsure.add(left[0])
