from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.execute import execute_request
from registry_tool.commands.run.runs import list_runs, moment
from registry_tool.core.errors import UsageError
from registry_tool.state.target import Target
from tests.commands.conftest import NOON, MovingClock

HELLO = ExecuteRequest("hello", {"who": "Ada"})
EVE = Requester(22, "eve")


def test_runs_are_found_by_workflow_environment_status_and_time(
    served: Target, clock: MovingClock
) -> None:
    clock.time = datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    execute_request(served, "production", HELLO, EVE, execution_id="exec-october")
    admit(served, "production", HELLO, EVE, execution_id="exec-lost")
    clock.time = datetime(2026, 11, 1, 0, 30, tzinfo=UTC)
    execute_request(served, "development", HELLO, EVE, execution_id="exec-november")
    admit(served, "production", HELLO, EVE, execution_id="exec-running")

    def names(*words: str, **more: str) -> list[str]:
        return [run.start.execution_id for run in list_runs(served, *words, **more)]  # type: ignore[arg-type]

    assert names() == ["exec-october", "exec-lost", "exec-november", "exec-running"]
    assert names("hello", "production") == ["exec-october", "exec-lost", "exec-running"]
    assert names("other") == []
    assert names(status="lost") == ["exec-lost"]
    assert names(status="running") == ["exec-running"]
    assert names(status="success") == ["exec-october", "exec-november"]
    assert names(since="1h") == ["exec-november", "exec-running"]
    assert names(since="2026-11-01") == ["exec-november", "exec-running"]
    assert names(since="2027-01-01") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("24h", NOON - timedelta(days=1)),
        ("2026-11-25", datetime(2026, 11, 25, tzinfo=UTC)),
        ("2026-11-25T12:00Z", NOON),
        ("2026-11-25T14:00+02:00", NOON),
    ],
)
def test_a_time_or_an_age(text: str, found: datetime) -> None:
    assert moment(text, NOON) == found


@pytest.mark.parametrize("text", ["yesterday", "9" * 400, "2026-13-01", "1h\n::error::"])
def test_what_is_neither(text: str) -> None:
    with pytest.raises(UsageError, match="neither a time nor an age"):
        moment(text, NOON)
