"""What becomes of a request: by table, and by properties over everything that a request can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.catalogue.auto_merge import CHECK, NEW_NAME, AutoMergePolicy
from registry_tool.commands.review.auto_merge.decision import (
    JudgedMerge,
    MergeOutcome,
    Release,
    RequestFacts,
    decide,
)
from registry_tool.forge.model import Check

START = datetime(2031, 5, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
POLICY = AutoMergePolicy(score=50, new_name=3 * DAY)
PATCH = Release("greet", "1.0.1", "patch", 80)
JUDGED = JudgedMerge("passed", (), (PATCH,))
VALIDATED = Check(CHECK, "completed", "success")
FACTS = RequestFacts(START, checks=(VALIDATED,))
TOO_SOON = START + DAY - timedelta(seconds=1)


def of(*releases: Release) -> JudgedMerge:
    return replace(JUDGED, releases=releases)


@pytest.mark.parametrize(
    ("judged", "facts", "outcome", "reason"),
    [
        (JUDGED, FACTS, MergeOutcome.MERGE, ""),
        (of(PATCH, Release("b", "1.1.0", "minor", 50)), FACTS, MergeOutcome.MERGE, ""),
        (of(replace(PATCH, bump="major")), FACTS, MergeOutcome.PERSON, "is a major release"),
        (of(replace(PATCH, score=49)), FACTS, MergeOutcome.PERSON, "score of 49, below 50"),
        (of(), FACTS, MergeOutcome.PERSON, "releases no version"),
        (of(replace(PATCH, bump=NEW_NAME)), FACTS, MergeOutcome.WAITS, ""),
        (replace(JUDGED, beside=True), FACTS, MergeOutcome.PERSON, "changes more than"),
        (
            replace(JUDGED, verdict="held", rules=("look-alike",)),
            FACTS,
            MergeOutcome.PERSON,
            "look-alike",
        ),
        (replace(JUDGED, unchecked=("the tests",)), FACTS, MergeOutcome.PERSON, "the tests"),
        (replace(JUDGED, verdict="refused", rules=("bump",)), FACTS, MergeOutcome.REFUSED, "bump"),
        (replace(JUDGED, conflict=True), FACTS, MergeOutcome.REFUSED, "conflicts"),
        (JUDGED, replace(FACTS, since=None), MergeOutcome.PERSON, "when this commit was pushed"),
        (JUDGED, replace(FACTS, tools_own=True), MergeOutcome.PERSON, "for a person to merge"),
        (
            JUDGED,
            replace(FACTS, since=None, flooded=True),
            MergeOutcome.PERSON,
            "more than a thousand",
        ),
        (
            JUDGED,
            replace(FACTS, stopped_by="zoe"),
            MergeOutcome.STOPPED,
            "zoe set the label `hold-merge`",
        ),
        (JUDGED, replace(FACTS, asked_by=("bob",)), MergeOutcome.STOPPED, "bob asks for changes"),
        (JUDGED, replace(FACTS, checks=()), MergeOutcome.WAITS, "has not run"),
        (
            JUDGED,
            replace(FACTS, checks=(replace(VALIDATED, status="queued"),)),
            MergeOutcome.WAITS,
            "runs",
        ),
        (
            JUDGED,
            replace(FACTS, checks=(VALIDATED, Check("Other", "completed", "failure"))),
            MergeOutcome.WAITS,
            "`Other` did not pass",
        ),
    ],
)
def test_a_day_after_the_push(
    judged: JudgedMerge, facts: RequestFacts, outcome: MergeOutcome, reason: str
) -> None:
    made = decide(POLICY, facts, judged, START + DAY)
    assert made.outcome is outcome
    assert reason in "; ".join(made.reasons)
    assert bool(made.reasons or made.until) == (outcome is not MergeOutcome.MERGE)


def test_the_time_is_reported_and_is_the_longest() -> None:
    made = decide(POLICY, FACTS, JUDGED, TOO_SOON)
    assert (made.outcome, made.until) == (MergeOutcome.WAITS, START + DAY)
    both = of(PATCH, Release("new", "1.0.0", NEW_NAME, 80))
    assert decide(POLICY, FACTS, both, START + DAY).until == START + 3 * DAY
    assert decide(POLICY, FACTS, both, START + 3 * DAY).outcome is MergeOutcome.MERGE
    none = replace(POLICY, new_name=None)
    assert decide(none, FACTS, both, START + 9 * DAY).outcome is MergeOutcome.PERSON


RELEASES = st.builds(
    Release,
    st.just("greet"),
    st.just("1.0.1"),
    st.sampled_from(["patch", "minor", "major", "prerelease", NEW_NAME]),
    st.integers(0, 100),
)
JUDGEMENTS = st.builds(
    JudgedMerge,
    st.sampled_from(["passed", "held", "refused"]),
    releases=st.lists(RELEASES, max_size=3).map(tuple),
    beside=st.booleans(),
    unchecked=st.sampled_from([(), ("x",)]),
    conflict=st.booleans(),
)
CHECKS = st.builds(
    Check,
    st.sampled_from([CHECK, "Other"]),
    st.sampled_from(["completed", "in_progress"]),
    st.sampled_from(["", "success", "failure", "skipped", "cancelled"]),
)
TIMES = st.integers(-3, 400).map(lambda hours: START + timedelta(hours=hours))
REQUESTS = st.builds(
    RequestFacts,
    st.none() | TIMES,
    st.sampled_from(["", "zoe"]),
    st.sampled_from([(), ("bob",)]),
    st.lists(CHECKS, max_size=3).map(tuple),
)
POLICIES = st.builds(
    AutoMergePolicy,
    st.frozensets(st.sampled_from(["patch", "minor", "major", "prerelease"])),
    st.integers(0, 100).map(lambda hours: timedelta(hours=hours)),
    st.none() | st.integers(0, 100).map(lambda hours: timedelta(hours=hours)),
    st.integers(0, 100),
)


@given(POLICIES, REQUESTS, JUDGEMENTS, TIMES)
def test_merged_only_where_all_holds(
    policy: AutoMergePolicy, facts: RequestFacts, judged: JudgedMerge, now: datetime
) -> None:
    made = decide(policy, facts, judged, now)
    bumps = {release.bump for release in judged.releases}
    routine = bumps <= policy.bumps | ({NEW_NAME} if policy.new_name is not None else set())
    waits = [policy.new_version] * (bumps != {NEW_NAME})
    waits += [policy.new_name] * (NEW_NAME in bumps and policy.new_name is not None)  # type: ignore[list-item]
    passed = [
        c.status == "completed" and c.conclusion in {"success", "skipped"} for c in facts.checks
    ]
    wanted = (
        judged.verdict == "passed"
        and not (judged.conflict or judged.beside or judged.unchecked)
        and bool(bumps)
        and routine
        and all(release.score >= policy.score for release in judged.releases)
        and facts.since is not None
        and now >= facts.since + max(waits, default=timedelta())
        and not (facts.stopped_by or facts.asked_by)
        and all(passed)
        and CHECK in {check.name for check in facts.checks}
    )
    assert (made.outcome is MergeOutcome.MERGE) == wanted
    assert wanted or made.reasons or made.until


@given(POLICIES, REQUESTS, JUDGEMENTS, TIMES, st.integers(0, 500))
def test_time_only_helps(
    policy: AutoMergePolicy, facts: RequestFacts, judged: JudgedMerge, now: datetime, hours: int
) -> None:
    """What is merged now is merged later, and what waits until a time waits for nothing but that or a check."""
    made = decide(policy, facts, judged, now)
    later = decide(policy, facts, judged, now + timedelta(hours=hours))
    if made.outcome is MergeOutcome.MERGE:
        assert later == made
    if made.until and made.outcome is MergeOutcome.WAITS and not made.reasons:
        assert decide(policy, facts, judged, made.until).outcome is MergeOutcome.MERGE
