"""How a run ended: what `registry-tool execute` hands to `registry-tool record`, signed; nothing of its data."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import start_of
from registry_tool.core.clock import instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json, read_json, write_atomic
from registry_tool.core.values import Object
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult
from registry_tool.monitoring.records import FINISHED, LOST, Payload, RunRecord, finished
from registry_tool.security.encrypt import WrappedKey
from registry_tool.security.keys import KeyRing
from registry_tool.security.signing import sign, verify
from registry_tool.state.runs.keys import keep_key, run_key
from registry_tool.state.runs.records import Recorder
from registry_tool.state.target import Target

FORMAT = "puppyai.com/outcome/v1"


def _new_id() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """One attempt's end; `id` tells attempts apart. `key` locks the payload and is locked itself."""

    execution_id: str
    status: str
    seconds: float = 0.0
    usage: Usage = Usage()  # noqa: RUF009 - frozen
    error_kind: str = ""
    payload: Payload | None = None
    key: WrappedKey | None = None
    answered_by: str = ""
    instead_of: str = ""
    id: str = field(default_factory=_new_id)


def outcome_of(result: RunResult) -> RunOutcome:
    """The outcome of a run that came to its end."""
    return RunOutcome(
        result.execution_id,
        result.status,
        round(result.seconds, 3),
        result.usage,
        result.error_kind,
        answered_by=result.answered_by,
        instead_of=result.instead_of,
    )


def record(
    target: Target, admission: Admission, outcome: RunOutcome | None, ring: KeyRing
) -> RunRecord | None:
    """Write the run's end; None where it stands there already. Without an outcome, the run was lost."""
    if outcome is not None and outcome.key is not None:
        _keep(target, admission, outcome.key)
    recorder = Recorder(target, admission.environment, ring)
    name = admission.execution_id

    def build(records: list[RunRecord]) -> RunRecord | None:
        start = start_of(records, name)
        if start is None:
            raise RegistryError(
                f"{name} was never admitted in {admission.environment}",
                place=f"runs-{admission.month}",
                way_out="admit it first: `registry-tool admit`",
            )
        ends = [r for r in records if r.execution_id == name and r.kind == FINISHED]
        draft = finished(start, instant(target.clock.now()))
        if outcome is None:
            return None if ends else replace(draft, status=LOST)
        if any(end.outcome == outcome.id for end in ends):
            return None
        return replace(
            draft,
            status=outcome.status,
            seconds=outcome.seconds,
            usage=outcome.usage,
            error_kind=outcome.error_kind,
            payload=outcome.payload,
            outcome=outcome.id,
            answered_by=outcome.answered_by,
            instead_of=outcome.instead_of,
        )

    return recorder.append(admission.month, build, f"Record {name} in {admission.environment}")


def _keep(target: Target, admission: Admission, wrapped: WrappedKey) -> None:
    """The payload's key, until its retention has passed; a second attempt's payload replaces the first one's."""
    name, where = admission.execution_id, admission.environment
    key = run_key(where, name, wrapped, target.clock.now(), admission.retention)
    keep_key(target, key, again=True)


def write_outcome(path: Path, outcome: RunOutcome, ring: KeyRing) -> None:
    """The file for the step that records."""
    value = _value(outcome)
    write_atomic(path, pretty_json({**value, "signature": sign(value, ring)}))


def read_outcome(path: Path, admission: Admission, ring: KeyRing) -> RunOutcome | None:
    """The outcome in a file, None where there is none; `RegistryError` where it is another run's."""
    if not path.exists():
        return None
    value = read_json(path)
    try:
        if not isinstance(value, dict) or not verify(value, str(value["signature"]), ring.public):
            raise ValueError("its signature is wrong")
        if value["format"] != FORMAT or value["execution_id"] != admission.execution_id:
            raise ValueError("it is another run's")
        return _read(value)
    except (KeyError, TypeError, ValueError) as error:
        raise RegistryError(f"this is no outcome of the run ({error})", place=str(path)) from None


def _value(outcome: RunOutcome) -> Object:
    payload = outcome.payload
    return {
        "format": FORMAT,
        "execution_id": outcome.execution_id,
        "status": outcome.status,
        "seconds": outcome.seconds,
        "usage": {**outcome.usage.to_value()},
        "error_kind": outcome.error_kind,
        "payload": (
            {"digest": payload.digest, "key_id": payload.key_id, "artifact": payload.artifact}
            if payload
            else None
        ),
        "key": outcome.key.to_value() if outcome.key else None,
        "answered_by": outcome.answered_by,
        "instead_of": outcome.instead_of,
        "id": outcome.id,
    }


def _read(value: Object) -> RunOutcome:
    payload = cast("dict[str, str] | None", value["payload"])
    key = value["key"]
    return RunOutcome(
        execution_id=str(value["execution_id"]),
        status=str(value["status"]),
        seconds=float(cast(float, value["seconds"])),
        usage=Usage.from_value(cast(Object, value["usage"])),
        error_kind=str(value["error_kind"]),
        payload=Payload(**payload) if payload else None,
        key=None if key is None else WrappedKey.of(key),
        answered_by=str(value["answered_by"]),
        instead_of=str(value["instead_of"]),
        id=str(value["id"]),
    )
