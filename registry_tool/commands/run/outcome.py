"""How a run ended: what `registry-tool execute` hands to `registry-tool record`, signed; nothing of its data."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.admit import start_of
from registry_tool.core.clock import instant
from registry_tool.core.codec import FileFormat, Number, Stored, filled, members, stored_members
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import read_limited, write_atomic
from registry_tool.core.records import Record, field
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.settings import RunResult
from registry_tool.monitoring.records import (
    FINISHED,
    LOST,
    Payload,
    RunRecord,
    StoredUsage,
    finished,
)
from registry_tool.security.encrypt import WrappedKey
from registry_tool.security.keys import KeyRing
from registry_tool.security.signing import signed, verify
from registry_tool.state.runs.keys import keep_key, run_key
from registry_tool.state.runs.records import Recorder
from registry_tool.state.target import Target


def _new_id() -> str:
    return secrets.token_hex(8)


class RunOutcome(Record, frozen=True):
    """One attempt's end; `id` tells attempts apart. `key` locks the payload and is locked itself.

    `steered` is that of a run's record.
    """

    execution_id: str
    status: str
    seconds: float = 0.0
    usage: Usage = Usage()
    error_kind: str = ""
    payload: Payload | None = None
    key: WrappedKey | None = None
    answered_by: str = ""
    instead_of: str = ""
    steered: str = ""
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
                location=f"runs-{admission.month}",
                hint="admit it first: `registry-tool admit`",
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
            steered=outcome.steered,
        )

    return recorder.append(admission.month, build, f"Record {name} in {admission.environment}")


def _keep(target: Target, admission: Admission, wrapped: WrappedKey) -> None:
    """The payload's key, until its retention has passed; a second attempt's payload replaces the first one's."""
    name, where = admission.execution_id, admission.environment
    key = run_key(where, name, wrapped, target.clock.now(), admission.retention)
    keep_key(target, key, again=True)


class StoredOutcome(Stored, frozen=True, kw_only=True):
    """The file: one attempt's end, signed."""

    execution_id: str
    status: str
    seconds: Number
    usage: StoredUsage
    error_kind: str
    payload: Payload | None
    key: WrappedKey | None
    answered_by: str
    instead_of: str
    steered: str
    id: str
    signature: str

    @property
    def outcome(self) -> RunOutcome:
        """The outcome."""
        own = stored_members(self) | {"usage": Usage(**stored_members(self.usage))}
        del own["signature"]
        return RunOutcome(**own)


FILE = FileFormat[StoredOutcome](
    StoredOutcome,
    "outcome of the run",
    "puppyai.com/outcome/v1",
    "make one with `registry-tool execute --outcome FILE`",
)


def write_outcome(path: Path, outcome: RunOutcome, ring: KeyRing) -> None:
    """The file for the step that records."""
    usage = StoredUsage(**outcome.usage.to_value())  # type: ignore[arg-type]
    draft = filled(StoredOutcome, members(outcome) | {"usage": usage, "signature": ""})
    write_atomic(path, FILE.to_bytes(signed(FILE, draft, ring)))


def read_outcome(path: Path, admission: Admission, ring: KeyRing) -> RunOutcome | None:
    """The outcome in a file, None where there is none; `RegistryError` where it is another run's."""
    if not path.exists():
        return None
    stored = FILE.read(read_limited(path), str(path))
    if not verify(FILE.value(stored), stored.signature, ring.public):
        raise FILE.bad("its signature is wrong", str(path))
    if stored.execution_id != admission.execution_id:
        raise FILE.bad("it is another run's", str(path))
    return stored.outcome
