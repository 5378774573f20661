"""Run records: what is kept of a run, never what it was about. Pure; `state/runs/records.py` reads and writes.

Two kinds: `started` (the admission, which plans count) and `finished`. They stand on the branch of the month in
which the run started, `<environment>/<number>.json`; each holds the hash of the one before and a signature.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import parse_json, pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.models.base import Usage

FORMAT: Final = "puppyai.com/run/v1"
STARTED: Final = "started"
FINISHED: Final = "finished"
LOST: Final = "lost"

Sign = Callable[[Object], str]
"""The signature of a value."""

Check = Callable[[Object, str], bool]
"""Whether a signature is one over exactly that value, by a key of the environment."""


class BrokenRecordError(RegistryError):
    """A run record is missing, forged or none at all; `place` names it."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Where a run's encrypted inputs and outputs are: the hash of the sealed bytes, their key, the artifact."""

    digest: str
    key_id: str
    artifact: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One record. `actor` and `subject` are pseudonyms, `time` is RFC 3339 in UTC.

    Of a start: `runs` is how many runs it counts as (a batch's part has many), `timeout` in seconds, `max_tokens`
    and `max_cost` (dollars) its ceiling, `request` a keyed hash by which a repeated job is known. `ticket` is a
    random word: two who admit the same run in the same moment would else write the same commit, and both succeed.
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
    status: str = ""
    seconds: float = 0.0
    usage: Usage = Usage()  # noqa: RUF009 - frozen
    error_kind: str = ""
    payload: Payload | None = None
    outcome: str = ""
    answered_by: str = ""
    instead_of: str = ""
    number: int = 0
    previous: str = ""
    signature: str = ""

    def to_value(self) -> Object:
        """As it is stored: what its kind has, nothing else."""
        value: Object = {"format": FORMAT}
        for name in (*_COMMON, *_OF_KIND[self.kind]):
            value[name] = cast(Value, getattr(self, name))
        if self.kind == FINISHED:
            said = {name: getattr(self, name) for name in _WHERE_SAID}
            value |= {name: text for name, text in said.items() if text}
            value["usage"] = {**self.usage.to_value()}
            value["payload"] = (
                {name: getattr(self.payload, name) for name in _PAYLOAD} if self.payload else None
            )
        return value


_COMMON = (
    *("kind", "number", "previous", "execution_id", "workflow", "version", "environment"),
    *("deployment", "actor", "subject", "plan", "time", "signature"),
)
_OF_KIND = {
    STARTED: ("runs", "timeout", "max_tokens", "max_cost", "request", "ticket"),
    FINISHED: ("status", "seconds", "usage", "error_kind", "payload", "outcome"),
}
_WHERE_SAID = ("answered_by", "instead_of")
_PAYLOAD = ("digest", "key_id", "artifact")
_NUMBERS = {"number", "runs"}
_REALS = {"timeout", "seconds"}
_MAYBE = {"max_tokens", "max_cost"}
EXECUTION_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,119}")


def finished(start: RunRecord, time: str) -> RunRecord:
    """The end's draft of a run that started; only its own fields are left to fill."""
    draft = replace(start, kind=FINISHED, time=time, number=0, previous="", signature="")
    return replace(
        draft, runs=1, timeout=0.0, max_tokens=None, max_cost=None, request="", ticket=""
    )


def sealed(record: RunRecord, number: int, previous: str, sign: Sign) -> tuple[RunRecord, bytes]:
    """The record in its place in the chain, signed, and its file's bytes."""
    placed = replace(record, number=number, previous=previous, signature="")
    whole = replace(placed, signature=sign(placed.to_value()))
    return whole, pretty_json(whole.to_value()).encode()


def digest_of(data: bytes) -> str:
    """SHA-256 (hex) of a record's file: what the next one holds as `previous`."""
    return hashlib.sha256(data).hexdigest()


def record_path(environment: str, number: int) -> str:
    """Where a record stands on its month's branch."""
    return f"{environment}/{number:08}.json"


def read_record(data: bytes, place: str) -> RunRecord:
    """The record in a file; `BrokenRecordError` where it is none. Nothing is verified."""
    try:
        value = parse_json(data, place=place)
        if not isinstance(value, dict) or value.pop("format", None) != FORMAT:
            raise ValueError("its format is another one")
        return _record(value)
    except (KeyError, TypeError, ValueError, RegistryError) as error:
        reason = error.reason if isinstance(error, RegistryError) else str(error)
        raise BrokenRecordError(
            f"this is no run record ({reason})", place=place, way_out=RESTORE
        ) from None


RESTORE: Final = (
    "nobody edits records: look at the branch's history, find who did, and put the branch back"
)


def _record(value: Object) -> RunRecord:
    kind = str(value["kind"])
    more = _WHERE_SAID if kind == FINISHED else ()
    if set(value) - set(more) != {*_COMMON, *_OF_KIND[kind]}:
        raise ValueError("it lacks keys or has unknown ones")
    fields = dict[str, object](value)
    if kind == FINISHED:
        fields["usage"] = Usage.from_value(cast(Object, value["usage"]))
        payload = cast("dict[str, str] | None", value["payload"])
        fields["payload"] = Payload(**payload) if payload else None
    for name, item in value.items():
        if name not in {"usage", "payload"} and not _fits(name, item):
            raise ValueError(f"{name} is wrong")
    return RunRecord(**fields)  # type: ignore[arg-type]


def _fits(name: str, item: Value) -> bool:
    if isinstance(item, bool):
        return False
    if name in _MAYBE:
        return item is None or isinstance(item, int | float)
    if name in _REALS:
        return isinstance(item, int | float)
    return isinstance(item, int) if name in _NUMBERS else isinstance(item, str)


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
