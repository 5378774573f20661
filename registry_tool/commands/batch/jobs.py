"""A batch over a job matrix: the plan of its parts, one part, and the merge.

`puppy-cli batch` does the work; here each part is admitted (each item counts as a run), bounded by the plan and
recorded, and all parts run the version that the batch's id chooses.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from registry_tool.commands.batch.batch import (
    BatchReport,
    batch_program,
    demand_places,
    files_of,
    job_of,
    opened,
    shard_of,
)
from registry_tool.commands.consume.unknown_names import known_workflow
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.run.actor import Requester
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import BatchPart, admit, checked_id
from registry_tool.commands.run.candidate_run import CandidateRun, select_candidate
from registry_tool.commands.run.outcome import RunOutcome, record
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.engine.batch.executors import Shard
from registry_tool.engine.batch.items import BadLine, Items
from registry_tool.engine.batch.merge import merge
from registry_tool.engine.failures import kind_of
from registry_tool.engine.settings import ERROR, SUCCESS
from registry_tool.runtime.batch.items import keys_of
from registry_tool.runtime.batch.session import BatchCounts, BatchOptions
from registry_tool.security.keys import KeyRing
from registry_tool.state.runs.records import ring_of
from registry_tool.state.target import Target

_PIECE = 2**20
MOST_PARTS = 256
"""GitHub's limit for the jobs of a matrix."""


def shards_of(parts: int, inputs: Path | None = None) -> list[str]:
    """The shards (`1/4`, …) of so many parts, of no more than there are lines."""
    if not 1 <= parts <= MOST_PARTS:
        raise UsageError(f"{parts} parts can't be", hint=f"a matrix has 1 to {MOST_PARTS} jobs")
    if inputs is not None:
        with opened(inputs) as file:
            parts = max(1, _lines(file, parts))
    return [f"{number}/{parts}" for number in range(1, parts + 1)]


def _lines(file: BinaryIO, most: int) -> int:
    """How many lines hold something, counted up to `most`; a line may be longer than the memory."""
    count, within = 0, False
    while count < most and (piece := file.readline(_PIECE)):
        filled = bool(piece.strip())
        count += filled and not within
        within = (within or filled) and not piece.endswith(b"\n")
    return count


def matrix(shards: list[str]) -> Object:
    """A job matrix: each job has its `shard`, and its number as `part`, since names of artifacts know no slash."""
    return {"include": [{"shard": shard, "part": number} for number, shard in enumerate(shards, 1)]}


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """A batch of what an environment serves. `id` names it: every part of it says the same."""

    target: Target
    environment: str
    workflow: str
    id: str
    requester: Requester = field(default_factory=Requester)
    provider: str = ""
    max_tokens: int | None = None
    max_cost: float | None = None


@dataclass(frozen=True, slots=True)
class PartReport:
    """How one part went; `admission` is None where there was nothing to run."""

    report: BatchReport
    admission: Admission | None = None

    def to_value(self) -> Object:
        """As JSON."""
        admitted = self.admission.summary() if self.admission else None
        return {**self.report.to_value(), "admission": admitted}


def run_part(batch: BatchRequest, how: BatchOptions) -> PartReport:
    """Run one part (`how.executor` is `shard=2/8`): what its ledger lacks, as far as the plan allows."""
    shard = shard_of(how.executor)
    demand_places(how)
    case = _case(batch)
    wanted = _pending(case, _how(case, batch, how))
    missing = sum(shard.holds(key) for key in wanted)
    if not missing:
        return PartReport(batch_program(case.program, _overlay(case), _how(case, batch, how)))
    ring = ring_of(batch.target, batch.environment)
    name = f"{checked_id(batch.id)}-{shard.index}-of-{shard.of}"
    request = _request(batch, how)
    admission = admit(
        batch.target,
        batch.environment,
        request,
        batch.requester,
        execution_id=name,
        ring=ring,
        part=BatchPart(batch.id, missing),
    )
    if missing > admission.runs:
        raise UsageError(
            f"{name} was admitted for {admission.runs} items and now has {missing}",
            hint="bring its ledger along, or take another --batch-id",
        )
    return PartReport(_recorded(batch, case, how, admission, ring), admission)


def _request(batch: BatchRequest, how: BatchOptions) -> ExecuteRequest:
    """What is asked for, by the hash of the items: the same part again is the same request."""
    digest = hashlib.sha256()
    with opened(how.inputs) as file:
        while piece := file.read(2**20):
            digest.update(piece)
    return ExecuteRequest(
        batch.workflow,
        {"items": f"sha256:{digest.hexdigest()}", "executor": how.executor},
        batch.provider,
        max_tokens=batch.max_tokens,
        max_cost=batch.max_cost,
    )


def _recorded(
    batch: BatchRequest, case: CandidateRun, how: BatchOptions, admission: Admission, ring: KeyRing
) -> BatchReport:
    """The part's run, and its record, however it ends."""
    counts, began = BatchCounts(), time.monotonic()

    def report_progress(now: BatchCounts, position: int) -> None:
        counts.usage, counts.failed = now.usage, now.failed
        how.on_progress(now, position)

    def ended(status: str, kind: str) -> None:
        seconds = round(time.monotonic() - began, 3)
        outcome = RunOutcome(admission.execution_id, status, seconds, counts.usage, kind)
        record(batch.target, admission, outcome, ring)

    bounded = replace(
        _how(case, batch, how),
        max_tokens=admission.ceiling.tokens,
        max_cost=admission.ceiling.cost or None,
        on_progress=report_progress,
    )
    try:
        report = batch_program(case.program, _overlay(case), bounded)
    except (RegistryError, KeyboardInterrupt) as error:
        ended(
            ERROR,
            "cancelled" if isinstance(error, KeyboardInterrupt) else kind_of(error, "registry"),
        )
        raise
    ended(ERROR if report.counts.failed else SUCCESS, "items" if report.counts.failed else "")
    return report


def _case(batch: BatchRequest) -> CandidateRun:
    request = ExecuteRequest(
        batch.workflow, {}, batch.provider, max_tokens=batch.max_tokens, max_cost=batch.max_cost
    )
    with known_workflow(batch.target, batch.workflow):
        case = select_candidate(
            batch.target, batch.environment, request, batch.requester, checked_id(batch.id)
        )
    if case.program.privacy.encryption:
        raise UsageError(
            f"{case.workflow.reference}, or what it calls, requires encryption, and a ledger holds plain results",
            hint="run its items one by one, by requests with sealed inputs",
        )
    return case


def _how(case: CandidateRun, batch: BatchRequest, how: BatchOptions) -> BatchOptions:
    return replace(how, environment=case.environment, provider=batch.provider)


def _overlay(case: CandidateRun) -> Object:
    return {**case.serving.config, "limits": case.limits}


def _pending(case: CandidateRun, how: BatchOptions) -> set[str]:
    """Keys of the items that the ledger lacks."""
    return set(_missing(case, how))


def _missing(case: CandidateRun, how: BatchOptions) -> Iterator[str]:
    job = job_of(case.program, _overlay(case), how)
    with files_of(how) as (stream, _, index):
        for item in Items(stream, case.workflow, keys_of(case.program, job)):
            if not isinstance(item, BadLine) and not index.has(item.key):
                yield item.key


@dataclass(frozen=True, slots=True)
class MergeReport:
    """The whole batch's results, and how many items each part still lacks."""

    report: BatchReport
    lacking: dict[str, int]

    def to_value(self) -> Object:
        """As JSON."""
        return {**self.report.to_value(), "lacking": {**self.lacking}}


def merge_parts(
    batch: BatchRequest,
    how: BatchOptions,
    ledgers: Sequence[Path],
    parts: int,
    warn: Callable[[str], None] = lambda _: None,
) -> MergeReport:
    """Unite the parts' ledgers and write every line's result; nothing runs. What is missing is said by part.

    A part whose ledger is not there counts as one that has done nothing: run it again, and merge again.
    """
    demand_places(how)
    there = [ledger for ledger in ledgers if ledger.is_dir()]
    for ledger in ledgers:
        if ledger not in there:
            warn(f"{ledger}: there is no ledger")
    if there:
        merge(there, how.ledger_folder)
    case = _case(batch)
    collecting = replace(_how(case, batch, how), collect=True)
    report = batch_program(case.program, _overlay(case), collecting)
    shards = [Shard(number, parts) for number in range(1, parts + 1)]
    pending = _pending(case, collecting)
    lacking = {f"{s.index}/{s.of}": sum(s.holds(key) for key in pending) for s in shards}
    return MergeReport(report, {name: count for name, count in lacking.items() if count})
