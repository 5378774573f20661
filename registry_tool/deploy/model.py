"""What a deployment is: the record that an environment serves a version."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry_tool.core.values import Frozen, Object
from registry_tool.resolver.lock import Lock

STAGES = ("select", "configure", "resolve", "allocate", "health-check", "switch", "watch")
"""The design document's deployment stages, in order."""

OK = "ok"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Serving:
    """A version that takes `weight` percent of the runs."""

    version: str
    digest: str
    weight: int = 100


@dataclass(frozen=True, slots=True)
class Deployment:
    """What one environment serves of one workflow.

    `config` are the environment's overrides on top of the manifest's; `updated` is RFC 3339; `id` names the
    deployment that led to this state.
    """

    workflow: str
    environment: str
    serving: tuple[Serving, ...]
    id: str
    updated: str
    config: Frozen = field(default_factory=dict)
    config_digest: str = ""
    lock: Lock = field(default_factory=Lock)

    @property
    def main(self) -> Serving:
        """The version that serves most."""
        return max(self.serving, key=lambda serving: serving.weight)

    def to_value(self) -> Object:
        """As the commands print it."""
        return {
            "workflow": self.workflow,
            "environment": self.environment,
            "deployment_id": self.id,
            "status": "serving",
            "serving": [
                {"version": s.version, "digest": s.digest, "weight": s.weight} for s in self.serving
            ],
            "updated": self.updated,
            "config": dict(self.config),
            "config_digest": self.config_digest,
            "lock_digest": self.lock.digest,
        }


@dataclass(frozen=True, slots=True)
class StageEvent:
    """One stage of one deployment. `seconds` is how long it took; `detail` holds no payload."""

    deployment: str
    stage: str
    status: str
    time: str
    seconds: float
    detail: Frozen = field(default_factory=dict)
