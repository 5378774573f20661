"""An admission: what `registry-tool admit` hands to `registry-tool execute` and `registry-tool record`, signed."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from registry_tool.commands.requests.inputs import sealed_request
from registry_tool.commands.requests.request import ExecuteRequest, execute_request_of
from registry_tool.commands.run.limits import RunLimits
from registry_tool.core import clock
from registry_tool.core.codec import FileFormat, Number, Stored, filled, members, stored_members
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import read_limited, write_atomic
from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object
from registry_tool.deploy.model import Serving
from registry_tool.deploy.state import StoredServing
from registry_tool.monitoring.quota import RemainingQuota
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.keys import KeyRing
from registry_tool.security.signing import signed, verify

_DAY = 86_400.0


class Admission(Record, frozen=True):
    """A run that may begin, and all that it needs: whoever executes it asks nobody else.

    `actor` is the pseudonym of who asked. `month` names the branch of its records; `repeated` says that the same
    job was admitted before, and `counted` that this attempt counts nevertheless: the one before had ended.
    `narrowed` says that the request, or the plan's rest, bounds the run more narrowly than the deployment does.
    `timeout` is in seconds; `retention` (such as `30d`) is empty where the version says
    nothing.
    """

    execution_id: str
    environment: str
    workflow: str
    serving: Serving
    request: ExecuteRequest
    month: str
    limits: Frozen
    ceiling: RunLimits
    timeout: float
    actor: str = ""
    retention: str = ""
    encryption: str = ""
    runs: int = 1
    left: RemainingQuota = RemainingQuota()
    repeated: bool = False
    counted: bool = True
    narrowed: bool = False

    @property
    def artifact(self) -> str:
        """The name of the artifact that keeps what the run leaves; artifact names know no colon."""
        return f"run-{self.execution_id.replace(':', '-')}"

    @property
    def retention_days(self) -> int:
        """How many days an artifact may be kept, 0 where nothing is said: GitHub knows whole days only."""
        return math.ceil(clock.seconds(self.retention) / _DAY) if self.retention else 0

    def summary(self) -> Object:
        """What a job goes on with, and people read."""
        return {
            "execution_id": self.execution_id,
            "workflow": self.workflow,
            "version": self.serving.version,
            "environment": self.environment,
            "runner": str(self.serving.allocation.get("runner") or ""),
            "timeout": self.timeout,
            "ceiling": self.ceiling.to_value(),
            "left": self.left.to_value(),
            "runs": self.runs,
            "repeated": self.repeated,
            "counted": self.counted,
            "encryption": self.encryption,
            "retention_days": self.retention_days,
            "artifact": self.artifact,
        }

    def how(self, how: RunOptions) -> RunOptions:
        """A run's settings with what was admitted: configuration, limits, ceiling, time; cached unless locked."""
        return replace(
            how,
            environment=self.environment,
            overlay={**self.serving.config, "limits": dict(self.limits)},
            execution_id=self.execution_id,
            timeout=min(self.timeout, how.timeout or self.timeout),
            fresh=how.fresh or bool(self.encryption),
            max_tokens=self.ceiling.tokens,
            max_cost=self.ceiling.cost,
        )


class StoredCeiling(Stored, frozen=True):
    """Tokens and dollars, as `RunLimits`."""

    tokens: int | None
    cost: Number | None


class StoredRemainingQuota(Stored, frozen=True):
    """What a plan still gives, as `RemainingQuota`."""

    plan: str
    runs: int | None
    tokens: int | None
    cost: Number | None
    resets: str


class StoredAdmission(Stored, frozen=True, kw_only=True):
    """The file: an admission whose request's inputs are sealed, signed."""

    execution_id: str
    actor: str
    environment: str
    workflow: str
    serving: StoredServing
    request: Object
    month: str
    limits: Object
    ceiling: StoredCeiling
    timeout: Number
    runs: int
    left: StoredRemainingQuota
    retention: str
    encryption: str
    narrowed: bool
    signature: str

    @property
    def admission(self) -> Admission:
        """The admission."""
        own = stored_members(self) | {
            "serving": self.serving.serving,
            "request": execute_request_of(self.request),
            "ceiling": RunLimits(**stored_members(self.ceiling)),
            "left": RemainingQuota(**stored_members(self.left)),
        }
        del own["signature"]
        return Admission(**own)


FILE = FileFormat[StoredAdmission](
    StoredAdmission,
    "admission",
    "puppyai.com/admission/v1",
    "make one with `registry-tool admit --admission FILE`",
)


def write_admission(path: Path, admission: Admission, ring: KeyRing) -> None:
    """The file for the next steps of the job; the request's inputs are sealed in it."""
    request = sealed_request(admission.request, admission.environment, ring)
    own = members(admission) | {
        "serving": StoredServing.of(admission.serving),
        "request": request.to_value(),
        "limits": dict(admission.limits),
        "ceiling": StoredCeiling(**members(admission.ceiling)),
        "left": StoredRemainingQuota(**admission.left.to_value()),  # type: ignore[arg-type]
        "signature": "",
    }
    write_atomic(path, FILE.to_bytes(signed(FILE, filled(StoredAdmission, own), ring)))


def read_admission(path: Path, ring: KeyRing) -> Admission:
    """The admission in a file; `RegistryError` where it is malformed or was changed."""
    stored = FILE.read(read_limited(path), str(path))
    if not verify(FILE.value(stored), stored.signature, ring.public):
        raise RegistryError(
            "the admission was changed, or is of another environment",
            location=str(path),
            hint=FILE.hint,
        )
    return stored.admission
