"""Run records: what is kept of a run, never what it was about. Pure; `state/runs/records.py` reads and writes.

Two kinds: `started` (the admission, which plans count) and `finished`. They stand on the branch of the month in
which the run started, `<environment>/<number>.json`; each holds the hash of the one before and a signature.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from registry_tool.core.codec import FileFormat, Number, Stored, filled, members, stored_members
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.engine.providers.models.base import Usage

STARTED: Final = "started"
FINISHED: Final = "finished"
LOST: Final = "lost"
PROVIDER: Final = "provider"
CAP: Final = "cap"
BY_TIMEOUT: Final = "timeout"
"""How a run may be steered."""

Sign = Callable[[Object], str]
"""The signature of a value."""

Check = Callable[[Object, str], bool]
"""Whether a signature is one over exactly that value, by a key of the environment."""


class BrokenRecordError(RegistryError):
    """A run record is missing, forged or none at all; `location` names it."""


class Payload(Stored, frozen=True):
    """Where a run's encrypted inputs and outputs are: the hash of the sealed bytes, their key, the artifact."""

    digest: str
    key_id: str
    artifact: str


class RunRecord(Record, frozen=True):
    """One record. `actor` and `subject` are pseudonyms, `time` is RFC 3339 in UTC.

    Of a start: `runs` is how many runs it counts as (a batch's part has many), `timeout` in seconds, `max_tokens`
    and `max_cost` (dollars) its ceiling, `request` a keyed hash by which a repeated job is known. `ticket` is a
    random word: two who admit the same run in the same moment would else write the same commit, and both succeed.
    `seal` is a keyed hash of the sealed inputs that were dispatched, by which they are known when they come again.
    `steered` says how who asked made the run another than the deployment's, so that it measures nothing: of a
    start `provider` (the request named another), of an end `cap` or `timeout` (a bound of theirs cut it short).
    Of an end: `error_kind` is the class of the failure, never its text; `outcome` tells attempts apart;
    `answered_by` names the models that answered for others, `instead_of` those others.
    """

    kind: str
    execution_id: str
    workflow: str
    version: str
    environment: str
    deployment: str
    actor: str
    time: str
    subject: str = ""
    plan: str = ""
    runs: int = 1
    timeout: float = 0.0
    max_tokens: int | None = None
    max_cost: float | None = None
    request: str = ""
    ticket: str = ""
    seal: str = ""
    status: str = ""
    seconds: float = 0.0
    usage: Usage = Usage()
    error_kind: str = ""
    payload: Payload | None = None
    outcome: str = ""
    answered_by: str = ""
    instead_of: str = ""
    number: int = 0
    previous: str = ""
    signature: str = ""
    steered: str = ""

    def to_value(self) -> Object:
        """As it is stored: what its kind has, nothing else."""
        return FILE.value(_stored(self))


EXECUTION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,119}")


class StoredUsage(Stored, frozen=True):
    """What a run took, in its last record."""

    input_tokens: int
    output_tokens: int
    calls: int
    cost_usd: Number | None


class _StoredRecord(Stored, frozen=True, kw_only=True):
    """What both kinds of record have."""

    number: int
    previous: str
    execution_id: str
    workflow: str
    version: str
    environment: str
    deployment: str
    actor: str
    subject: str
    plan: str
    time: str
    signature: str


class StoredStart(
    _StoredRecord, frozen=True, kw_only=True, tag_field="kind", tag=STARTED, omit_defaults=True
):
    """The file of a start; it has a seal only where inputs came sealed."""

    runs: int
    timeout: Number
    max_tokens: int | None
    max_cost: Number | None
    request: str
    ticket: str
    seal: str = ""
    steered: str = ""


class StoredEnd(
    _StoredRecord, frozen=True, kw_only=True, tag_field="kind", tag=FINISHED, omit_defaults=True
):
    """The file of an end; it names models only where others answered, and how it was steered."""

    status: str
    seconds: Number
    usage: StoredUsage
    error_kind: str
    payload: Payload | None
    outcome: str
    answered_by: str = ""
    instead_of: str = ""
    steered: str = ""


RESTORE: Final = (
    "nobody edits records: look at the branch's history, find who did, and put the branch back"
)
FILE = FileFormat[StoredStart | StoredEnd](
    StoredStart | StoredEnd, "run record", "puppyai.com/run/v1", RESTORE, BrokenRecordError
)


def _stored(record: RunRecord) -> StoredStart | StoredEnd:
    own = members(record)
    if record.kind == STARTED:
        return filled(StoredStart, own)
    own["usage"] = StoredUsage(**record.usage.to_value())  # type: ignore[arg-type]
    return filled(StoredEnd, own)


def finished(start: RunRecord, time: str) -> RunRecord:
    """The end's draft of a run that started; only its own fields are left to fill."""
    draft = replace(
        start, kind=FINISHED, time=time, number=0, previous="", signature="", steered=""
    )
    return replace(
        draft, runs=1, timeout=0.0, max_tokens=None, max_cost=None, request="", ticket="", seal=""
    )


def sealed(record: RunRecord, number: int, previous: str, sign: Sign) -> tuple[RunRecord, bytes]:
    """The record in its place in the chain, signed, and its file's bytes."""
    placed = replace(record, number=number, previous=previous, signature="")
    whole = replace(placed, signature=sign(placed.to_value()))
    return whole, FILE.to_bytes(_stored(whole))


def read_record(data: bytes, location: str) -> RunRecord:
    """The record in a file; `BrokenRecordError` where it is malformed. Nothing is verified."""
    stored = FILE.read(data, location)
    own = stored_members(stored)
    if isinstance(stored, StoredStart):
        return RunRecord(kind=STARTED, **own)
    return RunRecord(kind=FINISHED, **own | {"usage": Usage(**stored_members(stored.usage))})


def month_of(moment: datetime) -> str:
    """The month in UTC, `2026-11`."""
    return moment.astimezone(UTC).strftime("%Y-%m")


def month_before(month: str) -> str:
    """The calendar month before one."""
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"


def month_after(month: str) -> str:
    """The calendar month after one."""
    year, number = map(int, month.split("-"))
    return f"{year + (number == 12):04}-{number % 12 + 1:02}"
