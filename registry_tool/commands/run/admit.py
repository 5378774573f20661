"""`registry-tool admit`: may this run begin? From here on it counts."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from registry_tool.commands.requests.inputs import check_whole, dispatched_inputs, requested_inputs
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.access import audited_denials, demand_access
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.candidate_run import CandidateRun, FindDeployment, select_candidate
from registry_tool.commands.run.limits import RunLimits
from registry_tool.commands.run.opening import OpenServing
from registry_tool.commands.run.seal_terms import SealedRequest, sealed_request_of
from registry_tool.core.clock import instant
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.files import canonical_json
from registry_tool.core.records import Record
from registry_tool.core.values import Value
from registry_tool.engine.inputs import checked_inputs
from registry_tool.monitoring.quota import RemainingQuota, demand
from registry_tool.monitoring.records import (
    EXECUTION_ID,
    FINISHED,
    LOST,
    PROVIDER,
    STARTED,
    RunRecord,
    month_before,
    month_of,
)
from registry_tool.runtime.run_program import new_execution_id
from registry_tool.security.keys import EnvironmentKey, KeyRing
from registry_tool.state.public_keys import demand_own, publish, published
from registry_tool.state.runs.records import Recorder, ring_of
from registry_tool.state.target import Target, deployed, open_serving

SEALED_RUN: Final = "aes-256"
"""The encryption of what a run of sealed inputs leaves, whatever the version that serves by then demands."""


class BatchPart(Record, frozen=True):
    """A part of a batch: all parts get the version that the batch's id chooses; each item counts as a run."""

    batch: str
    items: int


def admit(  # noqa: PLR0913 - a request has that many parts, all named
    target: Target,
    environment: str,
    request: ExecuteRequest,
    requester: Requester,
    *,
    execution_id: str = "",
    ring: KeyRing | None = None,
    part: BatchPart | None = None,
    once: bool = False,
    dispatched: bool = True,
    opening: OpenServing = open_serving,
    finding: FindDeployment = deployed,
) -> Admission:
    """Let a run begin; it is counted now. The same job with the same id is the same run until it has ended.

    After that it is counted again, and judged again by the plan: never free, never twice. With `once` it is left
    alone instead: `repeated`, and nothing is counted. Inputs that were not `dispatched` nobody saw on the
    way; sealed ones are for one person and one run.
    `QuotaError` where the plan is used up, `RegistryError` where the person may not. Of two who want the last run
    at the same time one gets it: the other one's write meets it, and is judged anew.
    """
    keys = ring or ring_of(target, environment)
    name = checked_id(execution_id) if execution_id else new_execution_id()
    recorder = Recorder(target, environment, keys)
    now = target.clock.now()
    month = month_of(now)
    known = _known(recorder, name, month) if execution_id else None
    version = known.version if known else ""
    chosen_by, runs = (part.batch, part.items) if part else (name, 1)
    case = select_candidate(
        target,
        environment,
        request,
        requester,
        chosen_by,
        version=version,
        runs=runs,
        opening=opening,
        finding=finding,
    )
    demand_access(case, keys)
    seal = sealed_request_of(request, environment, keys, requester)
    if seal is not None:
        with audited_denials(case, keys):
            seal.demand_terms(requester, now, begun=known is not None)
        seal.demand_unused_before(recorder, month, name)
    if part is None:  # a batch's items are judged one by one
        inputs = _inputs(case, keys, dispatched=dispatched)
        _demand_fitting(case, inputs, locked=seal is not None)
    ended = False
    if known is not None:
        _demand_same(case, known, keys)
        ended = not once and has_ended(recorder.records(known.time[:7]), name)
    if known is None or ended:
        gate = _QuotaGate(case, keys, name, month, now, again=ended, seal=seal)
        record = recorder.append(month, gate, f"Admit {name} in {environment}")
        if record is not None:
            if record.number == 1:
                publish(target, keys)  # readers check signatures by the public part
            return replace(_admission(case, record, gate.rest), repeated=ended)
        known = gate.found
        _demand_same(case, known, keys)
    where = known.time[:7]
    rest = case.left(recorder.records(where), keys, where, now)
    return replace(_admission(case, known, rest), repeated=True, counted=False)


def _demand_fitting(case: CandidateRun, inputs: Mapping[str, Value], *, locked: bool) -> None:
    """`UsageError` for inputs that the version doesn't take; of locked ones it quotes nothing."""
    try:
        check_whole(inputs)
        checked_inputs(case.workflow, inputs)
    except RegistryError:
        if case.requester.is_local or not (locked or case.program.privacy.encryption):
            raise
        raise UsageError(
            f"the inputs do not fit what {case.workflow.reference} takes; they are locked, so no more can be said",
            location="inputs",
            hint=f"see `puppy-cli info {case.workflow.reference}`, and send them again",
        ) from None


def _inputs(case: CandidateRun, ring: KeyRing, *, dispatched: bool) -> Mapping[str, Value]:
    """What is asked for from outside must be sealed where the version says so; here nobody else reads it."""
    seen = dispatched and not case.requester.is_local
    if seen:
        return dispatched_inputs(case.request, case.environment, case.program, ring)
    return requested_inputs(case.request, case.environment, case.workflow, ring)


class _QuotaGate:
    """Judges a request by the records that there are; asked again where a rival was faster."""

    def __init__(  # noqa: PLR0913 - a request has that many parts
        self,
        case: CandidateRun,
        ring: KeyRing,
        name: str,
        month: str,
        now: datetime,
        *,
        again: bool,
        seal: SealedRequest | None,
    ) -> None:
        self._case, self._ring, self._name = case, ring, name
        self._month, self._now = month, now
        self.rest = RemainingQuota()
        self._again, self._seal = again, seal
        self._found: RunRecord | None = None

    @property
    def found(self) -> RunRecord:
        """The run's start, where it was admitted before."""
        assert self._found is not None  # noqa: S101 - asked for only then
        return self._found

    def __call__(self, records: list[RunRecord]) -> RunRecord | None:
        case, runs = self._case, self._case.runs
        self._found = start_of(records, self._name)
        if self._found is not None and not (self._again and has_ended(records, self._name)):
            return None
        if self._seal is not None:
            self._seal.demand_unused(records, self._name)
        if not records:  # later ones are checked by the signatures of those before
            demand_own(published(case.target, case.environment), self._ring)
        rest = case.left(records, self._ring, self._month, self._now)
        demand(rest, runs)
        self.rest = replace(rest, runs=None if rest.runs is None else rest.runs - runs)
        bound = case.ceiling(rest)
        return RunRecord(
            kind=STARTED,
            execution_id=self._name,
            workflow=case.deployment.workflow,
            version=case.serving.version,
            environment=case.environment,
            deployment=case.serving.deployment,
            actor=self._ring.pseudonym("actor", case.requester.name),
            subject=_subject(case, self._ring),
            plan=case.plan,
            time=instant(self._now),
            runs=runs,
            timeout=case.timeout,
            max_tokens=bound.tokens,
            max_cost=bound.cost,
            ticket=secrets.token_hex(8),
            request=_hash(case, self._ring, self._ring.newest),
            seal=self._seal.id if self._seal else "",
            steered=PROVIDER if case.names_another_provider else "",
        )


def _subject(case: CandidateRun, ring: KeyRing) -> str:
    return ring.pseudonym("subject", case.request.subject) if case.request.subject else ""


def start_of(records: list[RunRecord], execution_id: str) -> RunRecord | None:
    """The record with which a run started, the last time."""
    for record in reversed(records):
        if record.execution_id == execution_id and record.kind == STARTED:
            return record
    return None


def has_ended(records: list[RunRecord], execution_id: str) -> bool:
    """Whether a run has an end after its last start; of one that was lost nobody knows it."""
    for record in reversed(records):
        if record.execution_id == execution_id:
            return record.kind == FINISHED and record.status != LOST
    return False


def _known(recorder: Recorder, name: str, month: str) -> RunRecord | None:
    """The start of a run that was admitted in this month or the one before."""
    for where in (month, month_before(month)):
        if recorder.mentions(where, name) and (found := start_of(recorder.records(where), name)):
            return found
    return None


def _demand_same(case: CandidateRun, known: RunRecord, ring: KeyRing) -> None:
    """An execution id stands for one request of one person."""
    hashes = {_hash(case, ring, key) for key in ring.keys}
    if known.request not in hashes or known.actor not in ring.pseudonyms(
        "actor", case.requester.name
    ):
        raise UsageError(
            f"{known.execution_id} is the id of another run",
            hint="leave --execution-id out, or give an id that was not used before",
        )


def _hash(case: CandidateRun, ring: KeyRing, key: EnvironmentKey) -> str:
    """A keyed hash of what was asked: it tells a repeated job, and nothing else to nobody.

    Sealed inputs count as what they hold: sealing the same again spells it differently.
    """
    inputs = requested_inputs(case.request, case.environment, case.workflow, ring)
    content = canonical_json(replace(case.request, inputs=inputs, sealed="").to_value())
    return hmac.new(key.derive("pseudonyms"), b"request:" + content, hashlib.sha256).hexdigest()


def checked_id(text: str) -> str:
    """An execution id from outside; `UsageError` for one that a log or a path could not hold."""
    if not EXECUTION_ID.fullmatch(text):
        raise UsageError(
            f"{text[:80]!r} can't be an execution id",
            hint="use up to 120 letters, digits and . _ : -, beginning with a letter or digit",
        )
    return text


def _admission(case: CandidateRun, start: RunRecord, rest: RemainingQuota) -> Admission:
    privacy = case.program.privacy
    sealed = SEALED_RUN if case.request.sealed else ""
    return Admission(
        execution_id=start.execution_id,
        actor=start.actor,
        environment=case.environment,
        workflow=case.deployment.workflow,
        serving=case.serving,
        request=case.request,
        month=start.time[:7],
        limits=case.limits,
        ceiling=RunLimits(start.max_tokens, start.max_cost),
        timeout=start.timeout,
        retention=privacy.data_retention,
        encryption=privacy.encryption or sealed,
        left=rest,
        runs=start.runs,
        narrowed=RunLimits(start.max_tokens, start.max_cost) != case.widest(start.runs),
    )
