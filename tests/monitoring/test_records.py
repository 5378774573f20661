from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from registry_tool.core.hash_chain import link_path
from registry_tool.core.values import Object
from registry_tool.engine.providers.models.base import Usage
from registry_tool.monitoring.records import (
    EXECUTION_ID,
    FINISHED,
    BrokenRecordError,
    Payload,
    RunRecord,
    finished,
    month_after,
    month_before,
    month_of,
    read_record,
    sealed,
)
from tests.monitoring.run_records import started


def sign(value: Object) -> str:
    return f"signed {sorted(value)}"


START = started(actor="a" * 32, plan="free", max_tokens=500, request="f" * 64)
END = replace(
    finished(START, "2026-11-25T12:00:09.000Z"),
    status="success",
    seconds=1.5,
    usage=Usage(10, 5, 1, 0.001),
    payload=Payload("sha256:00", "k1", "run-exec-1"),
    outcome="0011",
)


@pytest.mark.parametrize("record", [START, END])
def test_a_record_comes_back_as_it_was(record: RunRecord) -> None:
    whole, data = sealed(record, 3, "ab" * 32, sign)
    assert read_record(data, "x") == whole
    assert (whole.number, whole.previous) == (3, "ab" * 32)
    assert whole.signature == sign(replace(whole, signature="").to_value())


def test_an_end_holds_nothing_of_the_start_but_who_and_what() -> None:
    value = json.loads(sealed(END, 2, "", sign)[1])
    assert value["kind"] == FINISHED
    assert not {"request", "timeout", "max_tokens", "runs"} & set(value)
    assert value["actor"] == START.actor


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"kind": "paused"}, "paused"),
        ({"format": "v0"}, "its format is not puppyai.com/run/v1"),
        ({"extra": 1}, "extra is unknown"),
        ({"runs": "1"}, "runs: expected int, got str"),
        ({"runs": True}, "runs: expected int, got bool"),
        ({"max_tokens": "many"}, "max_tokens: expected int . null, got str"),
        ({"actor": None}, "actor: expected str, got null"),
    ],
)
def test_what_is_no_record_is_named(change: Object, reason: str) -> None:
    data = json.dumps({**json.loads(sealed(START, 1, "", sign)[1]), **change}).encode()
    with pytest.raises(BrokenRecordError, match=reason) as refused:
        read_record(data, "runs-2026-11:production/00000001.json")
    assert refused.value.location == "runs-2026-11:production/00000001.json"


def test_no_json_is_no_record() -> None:
    with pytest.raises(BrokenRecordError, match="not JSON"):
        read_record(b"{", "x")


def test_a_months_name_is_that_of_its_time_in_utc() -> None:
    east = timezone(timedelta(hours=14))
    assert month_of(datetime(2026, 12, 1, 0, 30, tzinfo=UTC)) == "2026-12"
    assert month_of(datetime(2026, 12, 1, 0, 30, tzinfo=east)) == "2026-11"
    assert month_of(datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)) == "2038-01"


@pytest.mark.parametrize(("month", "after"), [("2026-12", "2027-01"), ("2038-01", "2038-02")])
def test_months_follow_each_other(month: str, after: str) -> None:
    assert month_after(month) == after
    assert month_before(after) == month


def test_paths_sort_as_numbers() -> None:
    paths = [link_path("e", number) for number in (2, 10, 100)]
    assert paths == sorted(paths)


@pytest.mark.parametrize("text", ["exec-1", "1730000000-1", "sched:nightly:2026"])
def test_what_can_be_an_execution_id(text: str) -> None:
    assert EXECUTION_ID.fullmatch(text)


@pytest.mark.parametrize("text", ["", "-x", "../x", "a b", "a\n::error::b", "x" * 121, "ä"])
def test_what_can_not(text: str) -> None:
    assert not EXECUTION_ID.fullmatch(text)
