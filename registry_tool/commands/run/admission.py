"""An admission: what `registry-tool admit` hands to `registry-tool execute` and `registry-tool record`, signed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from registry_tool.commands.requests.inputs import sealed_request
from registry_tool.commands.requests.request import ExecuteRequest, execute_request_of
from registry_tool.commands.run.limits import RunLimits
from registry_tool.core import clock
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json, read_json, write_atomic
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.deploy.model import Serving
from registry_tool.deploy.state import read_serving, serving_value
from registry_tool.monitoring.quota import Left
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.keys import KeyRing
from registry_tool.security.signing import sign, verify

FORMAT = "puppyai.com/admission/v1"
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Admission:
    """A run that may begin, and all that it needs: whoever executes it asks nobody else.

    `actor` is the pseudonym of who asked. `month` names the branch of its records; `repeated` tells that the same
    job was admitted before, and `counted` that this attempt counts nevertheless: the one before had ended.
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
    left: Left = Left()  # noqa: RUF009 - frozen
    repeated: bool = False
    counted: bool = True

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
        """A run's settings with what was admitted: configuration, limits, ceiling, time."""
        return replace(
            how,
            environment=self.environment,
            overlay={**self.serving.config, "limits": dict(self.limits)},
            execution_id=self.execution_id,
            timeout=min(self.timeout, how.timeout or self.timeout),
            max_tokens=self.ceiling.tokens,
            max_cost=self.ceiling.cost,
        )


def write_admission(path: Path, admission: Admission, ring: KeyRing) -> None:
    """The file for the next steps of the job; the request's inputs are sealed in it."""
    value = _value(admission, sealed_request(admission.request, admission.environment, ring))
    write_atomic(path, pretty_json({**value, "signature": sign(value, ring)}))


def read_admission(path: Path, ring: KeyRing) -> Admission:
    """The admission in a file; `RegistryError` where it is none, or where anything of it was changed."""
    value = read_json(path)
    signature = value.get("signature") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(signature, str):
        raise _bad(path, "this is no admission")
    if not verify(value, signature, ring.public):
        raise _bad(path, "the admission was changed, or is of another environment")
    try:
        return _read(value, str(path))
    except (KeyError, TypeError, ValueError) as error:
        raise _bad(path, f"this is no admission ({error})") from None


def _bad(path: Path, reason: str) -> RegistryError:
    return RegistryError(
        reason, place=str(path), way_out="make one with `registry-tool admit --admission FILE`"
    )


def _value(admission: Admission, request: ExecuteRequest) -> Object:
    return {
        "format": FORMAT,
        "execution_id": admission.execution_id,
        "actor": admission.actor,
        "environment": admission.environment,
        "workflow": admission.workflow,
        "serving": serving_value(admission.serving),
        "request": request.to_value(),
        "month": admission.month,
        "limits": dict(admission.limits),
        "ceiling": admission.ceiling.to_value(),
        "timeout": admission.timeout,
        "runs": admission.runs,
        "left": admission.left.to_value(),
        "retention": admission.retention,
        "encryption": admission.encryption,
    }


def _read(value: Object, place: str) -> Admission:
    if value["format"] != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    bounds = cast(dict[str, Value], value["ceiling"])
    return Admission(
        execution_id=str(value["execution_id"]),
        actor=str(value["actor"]),
        environment=str(value["environment"]),
        workflow=str(value["workflow"]),
        serving=read_serving(value["serving"], place),
        request=execute_request_of(cast(Object, value["request"])),
        month=str(value["month"]),
        limits=cast(Object, value["limits"]),
        ceiling=RunLimits(
            cast("int | None", bounds["tokens"]), cast("float | None", bounds["cost"])
        ),
        timeout=float(cast(float, value["timeout"])),
        runs=cast(int, value["runs"]),
        left=Left(**cast(dict[str, Any], value["left"])),
        retention=str(value["retention"]),
        encryption=str(value["encryption"]),
    )
