"""What tests of runs share: a request, who asks, an admitted run, and how the runs on record went."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.requests.seal import sealing_context
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.admitted_run import AdmittedRun
from registry_tool.core.clock import instant
from registry_tool.monitoring.runs import runs_of
from registry_tool.security.sealing import SealTerms, seal_inputs
from registry_tool.state.runs.records import read_records, ring_of
from registry_tool.state.target import Target
from tests.commands.conftest import MovingClock

HELLO = ExecuteRequest("hello", {"who": "Ada"})
BOB = Requester(8, "bob")


def dispatched(
    target: Target, request: ExecuteRequest, requester: Requester = BOB
) -> ExecuteRequest:
    """The request with its inputs sealed for who asks, now, as a client sends it to production."""
    ring = ring_of(target, "production")
    terms = SealTerms(requester.id, instant(target.clock.now()))
    context = sealing_context("production", request.workflow)
    sealed = seal_inputs(dict(request.inputs), ring.newest.public, context, terms)
    return replace(request, inputs={}, sealed=sealed)


def steps(target: Target, *, sealed: bool = False) -> tuple[Admission, AdmittedRun]:
    """exec-1 of HELLO, admitted by BOB as a job has it, with its inputs plain or sealed."""
    ring = ring_of(target, "production")
    asked = dispatched(target, HELLO) if sealed else HELLO
    admission = admit(target, "production", asked, BOB, execution_id="exec-1", ring=ring)
    return admission, AdmittedRun(target, admission, ring)


def statuses(target: Target, clock: MovingClock, **later: float) -> list[str]:
    """How the runs went, by a clock that is moved on."""
    now = clock.now() + timedelta(**later)
    return [run.status for run in runs_of(read_records(target, "production", every=True), now)]
