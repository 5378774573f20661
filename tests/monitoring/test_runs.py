from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from registry_tool.engine.providers.models.base import Usage
from registry_tool.monitoring.records import LOST, finished
from registry_tool.monitoring.runs import GRACE, RUNNING, runs_of
from tests.monitoring.run_records import started

BEGIN = datetime(2026, 11, 25, 12, tzinfo=UTC)
START = started()
END = replace(
    finished(START, "2026-11-25T12:00:09.000Z"), status="success", usage=Usage(10, 5, 1, 0.5)
)


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (timedelta(minutes=-10), RUNNING),  # the reader's clock is slow
        (timedelta(seconds=60), RUNNING),
        (timedelta(seconds=60) + GRACE, RUNNING),
        (timedelta(seconds=61) + GRACE, LOST),
        (timedelta(days=4500), LOST),  # beyond 2038
    ],
)
def test_a_run_without_an_end_is_lost_after_its_time(after: timedelta, status: str) -> None:
    assert [run.status for run in runs_of([START], BEGIN + after)] == [status]


def test_an_end_counts_however_late_it_comes_or_early_by_another_clock() -> None:
    early = replace(END, time="2026-11-25T11:59:00.000Z")
    for end in (END, early):
        (run,) = runs_of([START, end], BEGIN + timedelta(days=1))
        assert (run.status, run.usage.tokens, run.is_known) == ("success", 15, True)


def test_attempts_add_up_and_the_last_one_decides() -> None:
    failed = replace(END, status="error", error_kind="provider", outcome="1")
    (run,) = runs_of([START, failed, replace(END, outcome="2")], BEGIN)
    assert run.status == "success"
    assert run.usage == Usage(20, 10, 2, 1.0)


def test_of_a_run_that_was_recorded_as_lost_nothing_is_known() -> None:
    (run,) = runs_of([START, replace(END, status=LOST)], BEGIN)
    assert run.status == LOST
    assert not run.is_known


def test_environments_may_use_the_same_id() -> None:
    other = replace(START, environment="staging")
    assert len(runs_of([START, other, END], BEGIN)) == 2


def test_what_is_printed_holds_no_signature_and_no_request() -> None:
    (run,) = runs_of([START, END], BEGIN)
    value = run.to_value()
    assert value["status"] == "success"
    assert not {"signature", "request", "previous"} & set(value)
