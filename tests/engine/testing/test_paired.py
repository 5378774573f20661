"""Which of two versions is better, by an exact test, or that nobody can tell."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.engine.testing.paired import (
    BETTER,
    INCONCLUSIVE,
    LEAST,
    LEVEL,
    WORSE,
    PairedComparison,
    TestPair,
    compared_pairs,
    sign_test,
)

COUNTS = st.integers(0, 40)


def by_hand(better: int, worse: int) -> Fraction:
    """Every outcome of so many fair coins, those at least as uneven counted."""
    total = better + worse
    uneven = abs(better - worse)
    hits = sum(abs(2 * sum(coins) - total) >= uneven for coins in product((0, 1), repeat=total))
    return Fraction(hits, 2**total)


@pytest.mark.parametrize("total", range(9))
def test_it_is_exact(total: int) -> None:
    for better in range(total + 1):
        assert sign_test(better, total - better) == float(by_hand(better, total - better))


def test_known_values() -> None:
    """Of a table of the binomial distribution with one half."""
    assert isclose(sign_test(1, 9), 0.021484375)
    assert isclose(sign_test(5, 15), 0.04138946533203125)
    assert isclose(sign_test(0, 6), 0.03125)
    assert sign_test(0, 0) == sign_test(3, 3) == 1.0


@given(COUNTS, COUNTS)
def test_it_has_no_favourite_and_stays_a_probability(better: int, worse: int) -> None:
    assert sign_test(better, worse) == sign_test(worse, better)
    assert 0 < sign_test(better, worse) <= 1


@given(COUNTS, COUNTS)
def test_a_more_uneven_split_is_less_likely(better: int, worse: int) -> None:
    more = max(better, worse) + 1, min(better, worse)
    assert sign_test(*more) <= sign_test(better, worse)


@given(COUNTS, COUNTS)
def test_a_verdict_is_rarely_chance(better: int, worse: int) -> None:
    found = PairedComparison(3, 2, better, worse)
    if found.verdict == INCONCLUSIVE:
        assert found.p >= LEVEL
    else:
        assert better + worse >= LEAST
        assert found.verdict == (BETTER if better > worse else WORSE)


def test_the_level_is_kept() -> None:
    """Of all ways that fair coins fall, at most one in twenty gets a verdict, whatever their number."""
    for total in range(1, 13):
        called = sum(
            PairedComparison(0, 0, sum(coins), total - sum(coins)).verdict != INCONCLUSIVE
            for coins in product((0, 1), repeat=total)
        )
        assert called / 2**total <= LEVEL


def test_reasons() -> None:
    assert "no pair differs" in PairedComparison(5, 0, 0, 0).reason
    assert PairedComparison(0, 0, 0, 0).reason == "no pair was run"
    assert PairedComparison(0, 0, 2, 0).reason.endswith(f"fewer than {LEAST} can't tell")
    assert PairedComparison(0, 0, 7, 0).reason == (
        "7 better and 0 worse of 7 pairs that differ, p = 0.0156"
    )


def test_the_same_answers_are_counted_once() -> None:
    pairs = [
        TestPair("a", base=True, new=False, answers="x"),
        TestPair("a", base=True, new=False, answers="x"),
        TestPair("a", base=True, new=False, answers="y"),
        TestPair("b", base=False, new=True, answers="x"),
        TestPair("c", base=True, new=True),
        TestPair("d", base=False, new=False),
    ]
    assert compared_pairs(pairs) == PairedComparison(both=1, neither=1, better=1, worse=2)


def test_one_test_by_many_names_is_one() -> None:
    again = [TestPair(name, False, True, answers="x", asked="q") for name in "abcdef"]
    assert compared_pairs(again).verdict == INCONCLUSIVE
    others = [TestPair(name, False, True, answers="x", asked=name) for name in "abcdef"]
    assert compared_pairs(others).verdict == BETTER
