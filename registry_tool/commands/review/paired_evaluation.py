"""Two versions on the new one's tests, in pairs, as the line that a review shows."""

from __future__ import annotations

from registry_tool.engine.testing.paired import compared_pairs
from registry_tool.report.evaluation import EvaluatedVersion
from registry_tool.report.recorded_answers import RecordedAnswers
from registry_tool.runtime.paired_tests import PairedOptions, run_paired
from registry_tool.sources.program import Program


def evaluated_pair(
    base: Program, new: Program, how: PairedOptions, recordings: RecordedAnswers
) -> EvaluatedVersion:
    """What the provider's answers say; `recordings` are the base's own."""
    spent = how.budget.tokens, how.budget.cost
    runs = run_paired(base, new, how)
    return EvaluatedVersion(
        new.workflow.reference,
        base.workflow.reference,
        how.provider,
        compared_pairs(runs.pairs),
        runs=len(runs.pairs),
        left_out=runs.left_out,
        stand_ins=runs.stand_ins,
        ended=runs.ended,
        tokens=how.budget.tokens - spent[0],
        cost_usd=how.budget.cost - spent[1],
        recordings=recordings,
    )
