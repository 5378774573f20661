"""One line of a review: two versions in pairs, and what that took of a budget that others share."""

from __future__ import annotations

import pytest

from registry_tool.commands.review.paired_evaluation import evaluated_pair
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.testing.paired import TestPair
from registry_tool.manifest.load import load
from registry_tool.report.recorded_answers import RecordedAnswers
from registry_tool.runtime import paired_tests
from registry_tool.runtime.paired_tests import PairedOptions, PairedRuns
from registry_tool.sources.program import Program
from tests.engine.small import ASK, HEAD


def test_what_it_took_is_the_differences_of_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(tokens=10, cost=1.0)

    def run(base: Program, new: Program, how: PairedOptions) -> PairedRuns:
        how.budget.tokens += 5
        how.budget.cost += 0.25
        return PairedRuns((TestPair("t", base=True, new=True),), ended="enough")

    monkeypatch.setattr("registry_tool.commands.review.paired_evaluation.run_paired", run)
    assert paired_tests.run_paired is not run
    one = Program(load(HEAD + ASK.replace("CONFIG", ""), "t.yaml").workflow, {}, "t")
    found = evaluated_pair(one, one, PairedOptions("told", budget), RecordedAnswers(2))
    assert (found.tokens, found.cost_usd, found.runs, found.ended) == (5, 0.25, 1, "enough")
    assert (found.provider, found.recordings.count, found.comparison.both) == ("told", 2, 1)
