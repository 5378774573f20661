from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from registry_tool.commands.admission import Admission
from registry_tool.commands.admit import admit
from registry_tool.commands.admitted_run import AdmittedRun
from registry_tool.commands.deploy import Target
from registry_tool.commands.execute import execute_step
from registry_tool.commands.outcome import read_outcome, record
from registry_tool.commands.records import read_records, ring_of
from registry_tool.commands.request import ExecuteRequest
from registry_tool.commands.request_inputs import sealed_request
from registry_tool.commands.run_asker import Asker
from registry_tool.core.errors import RegistryError
from registry_tool.monitoring.runs import runs_of
from tests.commands.conftest import MovingClock

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Asker(8, "bob")


def steps(target: Target) -> tuple[Admission, AdmittedRun]:
    ring = ring_of(target, "production")
    asked = sealed_request(HELLO, "production", ring)
    admission = admit(target, "production", asked, BOB, execution_id="exec-1", ring=ring)
    return admission, AdmittedRun(target, admission, ring)


def statuses(target: Target, clock: MovingClock, **later: float) -> list[str]:
    now = clock.now() + timedelta(**later)
    return [run.status for run in runs_of(read_records(target, "production", every=True), now)]


def test_an_outcome_of_another_run_is_refused(served: Target, tmp_path: Path) -> None:
    admission, admitted_run = steps(served)
    path = tmp_path / "outcome.json"
    execute_step(admitted_run, path)
    with pytest.raises(RegistryError, match="another run's"):
        read_outcome(path, replace(admission, execution_id="exec-2"), admitted_run.ring)
    path.write_text(path.read_text().replace('"status": "success"', '"status": "error"'))
    with pytest.raises(RegistryError, match="signature is wrong"):
        read_outcome(path, admission, admitted_run.ring)
    assert read_outcome(tmp_path / "nowhere", admission, admitted_run.ring) is None


def test_a_run_that_nobody_finished_is_lost_after_its_time(
    served: Target, clock: MovingClock
) -> None:
    admission, admitted_run = steps(served)
    assert statuses(served, clock, minutes=6) == ["running"]
    assert statuses(served, clock, minutes=7) == ["lost"]
    record(served, admission, None, admitted_run.ring)  # the job's last step found no outcome
    assert statuses(served, clock) == ["lost"]
