from __future__ import annotations

import json
from dataclasses import replace

from registry_tool.engine.testing.paired import PairedComparison
from registry_tool.report.evaluation import (
    EvaluatedVersion,
    evaluation_lines,
    evaluation_summary,
)
from registry_tool.report.recorded_answers import GIT, RecordedAnswers

FOUND = EvaluatedVersion(
    "a:1.1.0",
    "a:1.0.0",
    "local",
    PairedComparison(2, 1, 0, 7),
    runs=12,
    left_out=tuple(f"t{number}: no input <b>" for number in range(22)),
    stand_ins=(("small", "large"),),
    ended="the budget is spent",
    tokens=300,
    cost_usd=0.5,
    recordings=RecordedAnswers(3, ("large",), "2024-01-20T00:00:00Z", GIT, 40),
)


def test_the_verdict_and_all_that_it_rests_on() -> None:
    lines = list(evaluation_lines(FOUND))
    assert lines[:7] == [
        "a:1.1.0 beside a:1.0.0: worse",
        "0 better and 7 worse of 7 pairs that differ, p = 0.0156",
        "12 pairs, of which 10 had answers of their own: 2 pass on both, 1 on neither",
        "asked of local: 300 tokens, $0.500000",
        "small answered instead of large",
        "the base's recorded answers: 3, of large, 40 days old (2024-01-20, in git since then)",
        "ended early: the budget is spent",
    ]
    assert lines[-1] == "not compared: 2 more"


def test_nothing_that_was_run_is_inconclusive() -> None:
    skipped = EvaluatedVersion("a:1.0.0", skipped="it is the first version")
    assert list(evaluation_lines(skipped)) == ["a:1.0.0: inconclusive", "it is the first version"]
    assert skipped.to_value()["reason"] == "it is the first version"


def test_as_data() -> None:
    told = json.loads(json.dumps(FOUND.to_value()))
    assert (told["verdict"], told["pairs"]["worse"], told["recordings"]["days"]) == ("worse", 7, 40)


def test_the_summary_obeys_nobody() -> None:
    text = evaluation_summary([FOUND])
    assert "<b>" not in text
    assert text.startswith("## Evaluation\n")
    assert "No new version." in evaluation_summary([])


def test_a_base_without_recordings_is_said_to_have_none() -> None:
    lines = list(evaluation_lines(replace(FOUND, recordings=RecordedAnswers(0))))
    assert "the base has no recorded answers" in lines
