"""What tests of runs share: a request, who asks, an admitted run, and how the runs on record went."""

from __future__ import annotations

from datetime import timedelta

from registry_tool.commands.requests.inputs import sealed_request
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.admitted_run import AdmittedRun
from registry_tool.monitoring.runs import runs_of
from registry_tool.state.runs.records import read_records, ring_of
from registry_tool.state.target import Target
from tests.commands.conftest import MovingClock

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")


def steps(target: Target) -> tuple[Admission, AdmittedRun]:
    """exec-1 of HELLO, admitted by BOB with its inputs sealed, as a job has it."""
    ring = ring_of(target, "production")
    asked = sealed_request(HELLO, "production", ring)
    admission = admit(target, "production", asked, BOB, execution_id="exec-1", ring=ring)
    return admission, AdmittedRun(target, admission, ring)


def statuses(target: Target, clock: MovingClock, **later: float) -> list[str]:
    """How the runs went, by a clock that is moved on."""
    now = clock.now() + timedelta(**later)
    return [run.status for run in runs_of(read_records(target, "production", every=True), now)]
