"""What a deployment is: the record that an environment serves a version, and how one gives way to another."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from enum import StrEnum
from functools import cached_property

from registry_tool.core.errors import NotFoundError
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen
from registry_tool.resolver.lock import Lock

STAGES = ("select", "configure", "resolve", "allocate", "health-check", "switch", "watch")
"""The design document's deployment stages, in order."""

OK = "ok"
FAILED = "failed"
INCONCLUSIVE = "inconclusive"
UNMEASURABLE = "nothing was measured: no threshold is set"
"""Why a step waits that no run will ever let go on."""
WAITS_FOR_A_HUMAN = "it waits until a human promotes it"
"""Why a rollout is paused that no clock ends."""

BUCKETS = 100


class Serving(Record, frozen=True):
    """A version that takes `weight` percent of the runs, and all that its runs need; weight 0 is kept ready.

    `config` are the environment's overrides on top of the manifest's; `allocation` has compute, memory, storage,
    timeout and the runner's label; `deployment` is the id of the one that brought it, `since` when it began to
    serve (RFC 3339; empty before). `override` is a maintainer's reason where rules were set aside.
    """

    version: str
    digest: str
    weight: int = BUCKETS
    config: Frozen = field(default_factory=dict)
    config_digest: str = ""
    lock: Lock = field(default_factory=Lock)
    allocation: Frozen = field(default_factory=dict)
    deployment: str = ""
    since: str = ""
    override: str = ""

    def at(self, weight: int) -> Serving:
        """A copy with another weight."""
        return replace(self, weight=weight)

    def same_as(self, other: Serving | None) -> bool:
        """True where runs would not notice the difference."""
        return other is not None and (
            (self.version, self.digest, self.config_digest, self.lock.digest, self.allocation)
            == (other.version, other.digest, other.config_digest, other.lock.digest, other.allocation)
        )  # fmt: skip


class Phase(StrEnum):
    """Where a rollout stands. In the first two a deployer is at work; in the others it waits for someone."""

    STAGES = "stages"
    STEP = "step"
    PAUSED = "paused"
    INCONCLUSIVE = "inconclusive"
    APPROVAL = "awaiting-approval"

    @property
    def waits(self) -> bool:
        """True where nobody is at work."""
        return self not in {Phase.STAGES, Phase.STEP}


class Rollout(Record, frozen=True):
    """A deployment that has not ended.

    `request` is what was asked for, so that another deployer can go on; `candidate` is known after `allocate`
    (before, it has version and digest only). `step` counts the weights that were set: 0 before the switch.
    `since` is when phase or step changed, `failures` how many measurements of this step failed, `reason` why it
    waits. `holder` is the process at work, empty where none is; `beat` grows as long as it lives. `hold` says who
    paused it and why, empty where nobody did: it takes no further step then, and still goes back where it must.
    """

    deployment: str
    strategy: Frozen = field(default_factory=dict)
    request: Frozen = field(default_factory=dict)
    candidate: Serving | None = None
    stable: Serving | None = None
    step: int = 0
    steps: int = 1
    since: str = ""
    phase: Phase = Phase.STAGES
    holder: str = ""
    beat: int = 0
    failures: int = 0
    reason: str = ""
    actor: str = ""
    hold: str = ""


class Deployment(Record, frozen=True, dict=True):
    """What one environment serves of one workflow.

    `serving` has weights that sum to 100 (or is empty: nothing serves yet), a candidate before what it replaces.
    `previous` is what a rollback takes. `id` names the last deployment that ended, `actor` the pseudonym of who
    asked for it. `revision` grows by one with each write; `updated` is RFC 3339.
    """

    workflow: str
    environment: str
    serving: tuple[Serving, ...] = ()
    id: str = ""
    updated: str = ""
    revision: int = 0
    previous: Serving | None = None
    rollout: Rollout | None = None
    actor: str = ""

    @property
    def serves(self) -> bool:
        """False before a first deployment has switched."""
        return bool(self.serving)

    @cached_property
    def main(self) -> Serving:
        """The version that serves most; `NotFoundError` where nothing serves."""
        if not self.serving:
            raise NotFoundError(
                f"nothing of {self.workflow} serves in {self.environment} yet",
                hint=f"see `puppy-cli status {self.workflow} --env {self.environment}`",
            )
        return max(self.serving, key=lambda serving: serving.weight)

    def choose(self, execution_id: str) -> Serving:
        """The version for one run: always the same for the same id; `NotFoundError` where nothing serves.

        The id's hash falls into one of 100 buckets. A candidate stands first and takes the lowest buckets, so
        that a growing weight moves runs to it and none away from it.
        """
        bucket = int.from_bytes(hashlib.sha256(execution_id.encode()).digest()) % BUCKETS
        for serving in self.serving:
            if bucket < serving.weight:
                return serving
            bucket -= serving.weight
        return self.main

    @property
    def config(self) -> Frozen:
        """The main version's configuration."""
        return self.main.config

    @property
    def lock(self) -> Lock:
        """The main version's locked dependencies."""
        return self.main.lock


class StageEvent(Record, frozen=True):
    """One stage of one deployment, or what was done beside them.

    Beside the stages there are `approval`, `override`, `promote`, `pause` and `rollback` (what people decided),
    `resume` (of a pause, or of what a dead deployer left) and `abandon`. `seconds` is how long it took; `detail`
    holds no payload.
    """

    deployment: str
    stage: str
    status: str
    time: str
    seconds: float
    detail: Frozen = field(default_factory=dict)
