"""The pointer file of a deployment, `environments/<env>/<name>.json` on its branch (docs/deployments.md)."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from registry_tool.core.codec import FileFormat, Stored, members, stored_members
from registry_tool.core.values import Object
from registry_tool.deploy.model import BUCKETS, Deployment, Phase, Rollout, Serving
from registry_tool.resolver.lock import Lock, LockedVersion

ENVIRONMENTS = "environments"
REPAIR: Final = "`registry-tool state repair` rebuilds it from its events"
Count = Annotated[int, msgspec.Meta(ge=0)]


def state_path(environment: str, name: str) -> str:
    """Where the pointer stands."""
    return f"{ENVIRONMENTS}/{environment}/{name}.json"


class StoredServing(Stored, frozen=True, kw_only=True, omit_defaults=True):
    """A serving entry in a file: its lock is stored as the entries and their digest."""

    version: str
    digest: str
    weight: Count
    config: Object
    config_digest: str
    lock: dict[str, LockedVersion]
    lock_digest: str
    allocation: Object
    deployment: str
    since: str
    override: str = ""

    def __post_init__(self) -> None:
        if Lock(self.lock).digest != self.lock_digest:
            raise ValueError("the lock has another digest")

    @classmethod
    def of(cls, serving: Serving) -> StoredServing:
        """What a file holds of it."""
        lock = serving.lock
        own = {"lock": dict(lock.workflows), "lock_digest": lock.digest}
        return cls(**members(serving) | own)

    @property
    def serving(self) -> Serving:
        """The entry."""
        own = stored_members(self) | {"lock": Lock(self.lock)}
        del own["lock_digest"]
        return Serving(**own)


class StoredRollout(Stored, frozen=True, kw_only=True):
    """A rollout in a file; files from before rollouts could be held have no `hold`."""

    deployment: str
    strategy: Object
    request: Object
    candidate: StoredServing | None
    stable: StoredServing | None
    step: Count
    steps: Count
    since: str
    phase: Phase
    holder: str
    beat: Count
    failures: Count
    reason: str
    actor: str
    hold: str = ""

    @classmethod
    def of(cls, rollout: Rollout) -> StoredRollout:
        """What a file holds of it."""
        own = {"candidate": _stored(rollout.candidate), "stable": _stored(rollout.stable)}
        return cls(**members(rollout) | own)

    @property
    def rollout(self) -> Rollout:
        """The rollout."""
        own = {"candidate": _served(self.candidate), "stable": _served(self.stable)}
        return Rollout(**stored_members(self) | own)


class StoredDeployment(Stored, frozen=True, kw_only=True):
    """The pointer file."""

    workflow: str
    environment: str
    revision: Count
    id: str = msgspec.field(name="deployment")
    actor: str
    updated: str
    serving: list[StoredServing]
    previous: StoredServing | None
    rollout: StoredRollout | None

    def __post_init__(self) -> None:
        if self.serving and sum(entry.weight for entry in self.serving) != BUCKETS:
            raise ValueError("its weights don't sum to 100")

    @classmethod
    def of(cls, deployment: Deployment) -> StoredDeployment:
        """What a file holds of it."""
        own = {
            "serving": [StoredServing.of(entry) for entry in deployment.serving],
            "previous": _stored(deployment.previous),
            "rollout": StoredRollout.of(deployment.rollout) if deployment.rollout else None,
        }
        return cls(**members(deployment) | own)

    @property
    def state(self) -> Deployment:
        """The deployment."""
        own = {
            "serving": tuple(entry.serving for entry in self.serving),
            "previous": _served(self.previous),
            "rollout": self.rollout.rollout if self.rollout else None,
        }
        return Deployment(**stored_members(self) | own)


def _stored(serving: Serving | None) -> StoredServing | None:
    return StoredServing.of(serving) if serving else None


def _served(stored: StoredServing | None) -> Serving | None:
    return stored.serving if stored else None


POINTER = FileFormat[StoredDeployment](
    StoredDeployment, "deployment state", "puppyai.com/deployment/v2", REPAIR
)
SERVING = FileFormat[StoredServing](StoredServing, "serving entry")


def serving_value(serving: Serving) -> Object:
    """A serving entry as JSON."""
    return SERVING.value(StoredServing.of(serving))


def deployment_value(deployment: Deployment) -> Object:
    """The pointer file as JSON."""
    return POINTER.value(StoredDeployment.of(deployment))


def deployment_bytes(deployment: Deployment) -> bytes:
    """The pointer file."""
    return POINTER.to_bytes(StoredDeployment.of(deployment))


def read_deployment(data: bytes, location: str) -> Deployment:
    """The deployment in a pointer file; `RegistryError` where malformed, `NewerFormatError` for a newer one."""
    return POINTER.read(data, location).state
