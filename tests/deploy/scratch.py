"""Deployments in a scratch repository, and a plan whose answers are fixed: nothing here runs a workflow."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object
from registry_tool.deploy.comparison import Compare
from registry_tool.deploy.configuration import config_digest
from registry_tool.deploy.deployer import deploy
from registry_tool.deploy.event_log import served_value
from registry_tool.deploy.lease import LeasePolicy
from registry_tool.deploy.model import OK, Deployment, Rollout, Serving, StageEvent
from registry_tool.deploy.plan import Health
from registry_tool.deploy.session import DeployContext, RolloutSession
from registry_tool.deploy.state import serving_value
from registry_tool.deploy.store import DeploymentStore, StateUpdate
from registry_tool.store.branch import Branch
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENVIRONMENT, NAME = "production", "hello"


def version(number: str, deployment: str = "") -> Serving:
    """A version as its deployment records it."""
    digest = f"sha256:{number}"
    return Serving(
        number, digest, config_digest=config_digest({}), deployment=deployment or f"dep-{number}"
    )


A, B, C = version("1.0.0"), version("1.1.0"), version("2.0.0")
CANARY: Object = {"type": "canary", "steps": [{"weight": 10, "pause": "until-promoted"}]}


@dataclass
class FixedPlan:
    """A `Plan` to deploy `served`; `refusing` names a stage that refuses, `health` is what the check finds."""

    served: Serving = B
    strategy: Object = field(default_factory=dict)
    refusing: str = ""
    health: Health = field(default_factory=Health)
    needs_approval: bool = False
    set_aside: tuple[str, ...] = ()
    name: str = NAME
    environment: str = ENVIRONMENT
    deployment: str = "dep-x"
    repeated: bool = False
    asked: list[str] = field(default_factory=list)

    @property
    def request(self) -> Object:
        return {"workflow": f"{self.name}:{self.served.version}", "approval": self.needs_approval}

    def _stage(self, name: str, **detail: Any) -> Frozen:
        self.asked.append(name)
        if name == self.refusing:
            raise RegistryError(f"{name} is refused", hint="do otherwise")
        return detail

    def select(self) -> Frozen:
        return self._stage("select", version=self.served.version, digest=self.served.digest)

    def configure(self) -> Frozen:
        return self._stage("configure", config_digest=self.served.config_digest)

    def resolve(self) -> Frozen:
        return self._stage("resolve", lock_digest=self.served.lock.digest)

    def allocate(self) -> Frozen:
        return self._stage("allocate", runner="here")

    def check(self, stable: Serving | None, compare: Compare | None) -> Health:
        self._stage("health-check")
        return self.health

    def candidate(self) -> Serving:
        return self.served

    def demand_entry(self) -> tuple[str, ...]:
        return self.set_aside


@dataclass
class Board:
    """Where deployments of a test are recorded, and what was said and told of them."""

    repository: Repository
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOON))
    said: list[str] = field(default_factory=list)
    events_seen: list[str] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def store(self) -> DeploymentStore:
        """As a process that has just begun opens it."""
        return DeploymentStore(Branch(self.repository, "deployments"), self.clock)

    def context(self, **more: Any) -> DeployContext:
        """What deployers share."""
        quick = LeasePolicy(lease=0.0, beat=60.0, longest=0.0, poll=(0.0, 0.0))
        hear: Callable[[StageEvent], None] = lambda e: self.events_seen.append(  # noqa: E731
            f"{e.stage} {e.status}"
        )
        return DeployContext(
            self.store, self.clock, on_event=hear, say=self.said.append, policy=quick,
            demand_there=self._demand_there, **more,
        )  # fmt: skip

    def _demand_there(self, name: str, serving: Serving) -> None:
        if serving.version in self.gone:
            raise RegistryError(f"{name}:{serving.version} is gone")

    def session(self, deployment: str = "dep-x", **more: Any) -> RolloutSession:
        """A deployer's."""
        return RolloutSession(self.context(**more), ENVIRONMENT, NAME, deployment)

    def serve(self, entry: Serving, rollout: Rollout | None = None) -> Deployment:
        """The version serves alone, as its deployment would have told; a rollout may stand beside it."""

        def events(detail: Object) -> tuple[StageEvent, ...]:
            messages: list[tuple[str, Object]] = [
                ("configure", {"config_digest": entry.config_digest}),
                ("resolve", {"lock_digest": entry.lock.digest}),
                ("watch", detail),
            ]
            return tuple(
                StageEvent(entry.deployment, stage, OK, "2026-03-01T11:00:00.000Z", 0.0, part)
                for stage, part in messages
            )

        def decide(view: Any) -> StateUpdate:
            before = view.deployment or Deployment(NAME, ENVIRONMENT)
            detail: Object = {"finished": True, "entry": serving_value(entry)}
            detail["serving"] = served_value([entry])
            after = Deployment(
                NAME, ENVIRONMENT, (entry,), entry.deployment, revision=before.revision,
                previous=before.main if before.serves else None, rollout=rollout,
            )  # fmt: skip
            return StateUpdate(events(detail), after)

        done = self.store().change(ENVIRONMENT, NAME, "Serve", decide)
        assert done is not None
        return done

    def deploy(self, plan: FixedPlan, deployment: str = "dep-x", **more: bool) -> Deployment:
        """Make the plan so, as ada wants it."""
        return deploy(self.context(actor="ada"), replace(plan, deployment=deployment, **more))

    def state(self) -> Deployment:
        """What the branch says."""
        found = self.store().find(ENVIRONMENT, NAME)
        assert found is not None
        return found

    def weights(self) -> list[tuple[str, int]]:
        """(version, percent) of all that serves."""
        return [(entry.version, entry.weight) for entry in self.state().serving]

    def details(self, stage: str) -> list[Object]:
        """What the events of a stage tell, oldest first."""
        events = [json.loads(data) for _, data in self.store().events(ENVIRONMENT, NAME)]
        return [event["detail"] for event in events if event["stage"] == stage]


@pytest.fixture
def board(make_registry: Callable[..., RegistryFolder]) -> Board:
    """An empty one."""
    return Board(Repository(make_registry(git=True).root))
