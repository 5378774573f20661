from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry_tool.catalogue.environments import AccessSettings, Member, QuotaPlan, Role
from registry_tool.core.errors import RegistryError
from registry_tool.engine.providers.models.base import Usage
from registry_tool.monitoring.quota import (
    QuotaError,
    QuotaUsage,
    RemainingQuota,
    demand,
    left,
    plan_of,
    used,
)
from registry_tool.monitoring.records import LOST, RunRecord, finished
from registry_tool.monitoring.runs import Run, runs_of
from tests.monitoring.run_records import started

PLANS = {
    "free": QuotaPlan("free", 100),
    "professional": QuotaPlan("professional", 10_000),
    "enterprise": QuotaPlan("enterprise"),
    "metered": QuotaPlan("metered", 10, 1000, 2.0),
}
ACCESS = AccessSettings(
    default_plan="free", members=(Member("ada", 7, Role.RUNNER, "professional"),)
)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def end(record: RunRecord, tokens: int, status: str = "success") -> RunRecord:
    return replace(
        finished(record, record.time), status=status, usage=Usage(tokens, 0, 1, tokens / 1000)
    )


def test_a_members_plan_goes_before_the_default_one() -> None:
    assert plan_of(7, ACCESS, PLANS) == PLANS["professional"]
    assert plan_of(8, ACCESS, PLANS) == PLANS["free"]
    assert plan_of(8, AccessSettings(), PLANS) is None


def test_a_plan_that_there_is_not_is_named() -> None:
    with pytest.raises(RegistryError, match=r"'gold' is not a plan.*free, professional"):
        plan_of(8, AccessSettings(default_plan="gold"), PLANS)


def test_only_the_persons_own_runs_count_under_all_their_pseudonyms() -> None:
    records = [
        started("exec-1"),
        started("exec-2", actor="ada under the old key"),
        started("exec-3", actor="bob"),
    ]
    runs = runs_of(records, NOW)
    assert used(runs, {"ada", "ada under the old key"}).runs == 2


@pytest.mark.parametrize("status", ["", LOST])
def test_what_is_not_known_counts_as_its_ceiling(status: str) -> None:
    record = started("exec-1", max_tokens=400, max_cost=0.5)
    records = [record, *([end(record, 0, status)] if status else [])]
    assert used(runs_of(records, NOW), {"ada"}) == QuotaUsage(1, 400, 0.5)
    known = [record, end(record, 30)]
    assert used(runs_of(known, NOW), {"ada"}) == QuotaUsage(1, 30, 0.03)


def test_a_shard_counts_each_of_its_items() -> None:
    assert used(runs_of([started("exec-1", runs=12)], NOW), {"ada"}).runs == 12


def test_what_is_left_and_when_it_begins_anew() -> None:
    rest = left(PLANS["metered"], QuotaUsage(3, 400, 0.5), "2026-12")
    assert rest == RemainingQuota("metered", 7, 600, 1.5, "2027-01-01T00:00:00Z")
    assert (
        rest.words()
        == "7 runs, 600 tokens, 1.5 dollars left of the plan metered until 2027-01-01T00:00:00Z"
    )
    assert left(None, QuotaUsage(3), "2026-12") == RemainingQuota()
    assert left(PLANS["enterprise"], QuotaUsage(10**9), "2026-12").runs is None


@pytest.mark.parametrize(
    ("spent", "wanted", "reason"),
    [
        (QuotaUsage(10), 1, "no run is left of the plan metered"),
        (QuotaUsage(8), 3, "only 2 of 3 runs are left"),
        (QuotaUsage(1, 1000), 1, "no token is left"),
        (QuotaUsage(1, 1, 2.0), 1, "no dollar is left"),
    ],
)
def test_a_used_up_plan_refuses_with_reason_time_and_way_out(
    spent: QuotaUsage, wanted: int, reason: str
) -> None:
    with pytest.raises(QuotaError, match=reason) as refused:
        demand(left(PLANS["metered"], spent, "2026-11"), wanted)
    assert "2026-12-01T00:00:00Z" in refused.value.reason
    assert "access.members" in refused.value.hint


_RUNS = st.lists(
    st.tuples(st.sampled_from(["ada", "bob"]), st.integers(1, 5), st.integers(0, 900)), max_size=12
)


@settings(deadline=None)
@given(_RUNS, _RUNS)
def test_more_records_never_leave_more(
    first: list[tuple[str, int, int]], more: list[tuple[str, int, int]]
) -> None:
    fewer, all_ = made(first), made([*first, *more])
    for plan in PLANS.values():
        before = left(plan, used(fewer, {"ada"}), "2026-11")
        after = left(plan, used(all_, {"ada"}), "2026-11")
        for one, other in ((before.runs, after.runs), (before.tokens, after.tokens)):
            assert (one is None and other is None) or (one or 0) >= (other or 0)


@settings(deadline=None)
@given(_RUNS)
def test_the_order_of_runs_does_not_matter(parts: list[tuple[str, int, int]]) -> None:
    runs = made(parts)
    forth, back = used(runs, {"ada"}), used(reversed(runs), {"ada"})
    assert (forth.runs, forth.tokens) == (back.runs, back.tokens)
    assert forth.cost == pytest.approx(back.cost)


def made(parts: list[tuple[str, int, int]]) -> list[Run]:
    records: list[RunRecord] = []
    for number, (actor, runs, tokens) in enumerate(parts):
        record = started(f"exec-{number}", actor=actor, runs=runs)
        records += [record, end(record, tokens)]
    return runs_of(records, NOW)
