"""Two versions on the same tests, run in pairs: which is better, by an exact test, or that nobody can tell.

Only pairs that differ tell anything (McNemar 1947, https://doi.org/10.1007/BF02295996). Where neither version is
better, each of them is as likely better as worse, so their number is binomial with one half: no approximation.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import comb
from typing import Final

from registry_tool.core.records import Record

BETTER, WORSE, INCONCLUSIVE = "better", "worse", "inconclusive"
LEVEL: Final = 0.05
"""How rarely chance alone may look like a difference."""


class TestPair(Record, frozen=True):
    """One test on both versions: whether each passed. `answers` tells apart what a model answered differently.

    `asked` tells apart what tests ask: their names are chosen by who is judged.
    """

    __test__ = False  # not a pytest class

    test: str
    base: bool
    new: bool
    answers: str = ""
    asked: str = ""

    @property
    def evidence(self) -> tuple[str, str, bool, bool]:
        """What two pairs have in common that tell the same."""
        return self.asked or self.test, self.answers, self.base, self.new


class PairedComparison(Record, frozen=True):
    """How many pairs passed on both, on neither, on one alone, and how likely that is by chance."""

    both: int
    neither: int
    better: int
    worse: int

    @property
    def p(self) -> float:
        """Two-sided, exact."""
        return sign_test(self.better, self.worse)

    @property
    def verdict(self) -> str:
        """better or worse where chance is an unlikely reason, else inconclusive."""
        if self.p >= LEVEL:
            return INCONCLUSIVE
        return BETTER if self.better > self.worse else WORSE

    @property
    def reason(self) -> str:
        """The verdict's, in words."""
        differing = self.better + self.worse
        if not self.both + self.neither + differing:
            return "no pair was run"
        if not differing:
            return "no pair differs: nothing was seen that tells them apart"
        seen = f"{self.better} better and {self.worse} worse of {differing} pairs that differ, p = {self.p:.3g}"
        if self.verdict == INCONCLUSIVE and differing < LEAST:
            return f"{seen}: fewer than {LEAST} can't tell"
        return seen


def sign_test(better: int, worse: int) -> float:
    """The probability of a split at least as uneven where both are equally likely."""
    total = better + worse
    tail = sum(comb(total, count) for count in range(min(better, worse) + 1))
    return min(1.0, tail / 2 ** (total - 1)) if total else 1.0


LEAST: Final = next(n for n in range(1, 64) if sign_test(0, n) < LEVEL)
"""Pairs that have to differ before any split of them tells."""


def compared_pairs(pairs: Iterable[TestPair]) -> PairedComparison:
    """The comparison; a pair that a model answered in just the same words counts once, however often it ran.

    Tests that ask the same by other names are one test.
    """
    distinct = {pair.evidence: pair for pair in pairs}.values()
    return PairedComparison(
        both=sum(pair.base and pair.new for pair in distinct),
        neither=sum(not pair.base and not pair.new for pair in distinct),
        better=sum(pair.new and not pair.base for pair in distinct),
        worse=sum(pair.base and not pair.new for pair in distinct),
    )
