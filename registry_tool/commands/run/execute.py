"""One run of what an environment serves, with its log: admitted, executed, recorded.

A job does the three one after the other, so that only the first and the last hold a token that may push;
`puppy-cli run NAME --env E` does them in one process.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import admit
from registry_tool.commands.run.admitted_run import AdmittedRun, Sinks
from registry_tool.commands.run.opening import OpenServing
from registry_tool.commands.run.outcome import RunOutcome, record, write_outcome
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.engine.run import RunResult
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.keys import KeyRing
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target, open_serving

__all__ = ["Sinks", "execute", "execute_request", "execute_step"]


def execute(  # noqa: PLR0913 - a run has that many parts, all named
    target: Target,
    name: str,
    inputs: Mapping[str, Value],
    how: RunOptions,
    *,
    sinks: Sinks | None = None,
    requester: Requester | None = None,
    subject: str = "",
    opening: OpenServing = open_serving,
) -> RunResult:
    """Run the version that serves in `how.environment`, with that environment's configuration; it is recorded."""
    request = ExecuteRequest(
        name,
        inputs,
        how.provider,
        subject=subject,
        max_tokens=how.max_tokens,
        max_cost=how.max_cost,
    )
    where = how.environment
    ring = ring_of(target, where)
    admission = admit(
        target,
        where,
        request,
        requester or Requester(),
        execution_id=how.execution_id,
        ring=ring,
        opening=opening,
    )
    admitted_run = AdmittedRun(target, admission, ring, how, sinks or Sinks(), opening)
    return _recorded(admitted_run)[0]


def execute_request(  # noqa: PLR0913 - as many parts as a job has
    target: Target,
    environment: str,
    request: ExecuteRequest,
    requester: Requester,
    *,
    execution_id: str = "",
    how: RunOptions = RunOptions(),  # noqa: B008 - frozen
    sinks: Sinks | None = None,
    ring: KeyRing | None = None,
) -> tuple[Admission, RunOutcome]:
    """A job's request from admission to record, in one process."""
    keys = ring or ring_of(target, environment)
    admission = admit(target, environment, request, requester, execution_id=execution_id, ring=keys)
    admitted_run = AdmittedRun(target, admission, keys, how, sinks or Sinks())
    return admission, _recorded(admitted_run)[1]


def run_and_record(target: Target, admission: Admission, ring: KeyRing, sinks: Sinks) -> RunOutcome:
    """An admitted run, and its record."""
    return _recorded(AdmittedRun(target, admission, ring, RunOptions(), sinks))[1]


def execute_step(admitted_run: AdmittedRun, written: Path | None) -> RunOutcome:
    """The step between admission and record: the outcome is written for the latter, however the run ends."""
    try:
        _, outcome = admitted_run.run()
    except (RegistryError, KeyboardInterrupt) as error:
        if written:
            write_outcome(written, admitted_run.broken_off(error), admitted_run.ring)
        raise
    if written:
        write_outcome(written, outcome, admitted_run.ring)
    return outcome


def _recorded(admitted_run: AdmittedRun) -> tuple[RunResult, RunOutcome]:
    target, admission, ring = admitted_run.target, admitted_run.admission, admitted_run.ring
    try:
        result, outcome = admitted_run.run()
    except (RegistryError, KeyboardInterrupt) as error:
        record(target, admission, admitted_run.broken_off(error), ring)
        raise
    record(target, admission, outcome, ring)
    return result, outcome
