from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.stages import StageFailedError, StageRunner

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_stage_is_timed() -> None:
    runner = StageRunner("dep-1", FixedClock(START, timedelta(seconds=2)))
    event = runner.run("select", lambda: {"version": "1.0.0"})
    assert (event.time, event.seconds) == ("2026-01-01T00:00:00.000Z", 2.0)
    assert (event.status, event.detail) == ("ok", {"version": "1.0.0"})


def test_a_clock_that_goes_back_takes_no_time() -> None:
    runner = StageRunner("dep-1", FixedClock(START, timedelta(hours=-1)))
    assert runner.run("select", dict).seconds == 0.0


def test_a_refusal_is_an_event_too() -> None:
    def refuse() -> dict[str, str]:
        raise RegistryError("no", location="here", hint="try")

    with pytest.raises(StageFailedError, match="the stage resolve failed: no") as caught:
        StageRunner("dep-1", FixedClock(START)).run("resolve", refuse)
    assert (caught.value.location, caught.value.hint) == ("here", "try")
    assert caught.value.event.status == "failed"
    assert caught.value.event.detail == {"reason": "here: no (try)"}
