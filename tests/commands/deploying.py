"""What tests of deployments share: a registry with environments, and what its events say."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from registry_tool.commands.deploy.deploy import DeployOptions
from registry_tool.commands.deploy.status import Status, statuses
from registry_tool.deploy.analysis import RunQuery, Sample
from registry_tool.deploy.event_log import broken_link, read_event
from registry_tool.deploy.lease import LeasePolicy
from registry_tool.deploy.model import Deployment
from registry_tool.state.target import Target

ENVIRONMENTS = """\
name: Test registry
categories: { text: Text }
environments:
  development: {}
  staging: { after: development }
  production:
    limits: { memory: 1Gi }
    strategy:
      type: canary
      steps:
        - { weight: 10, pause: 10m }
        - { weight: 50, pause: until-promoted }
    watch:
      metrics: [{ metric: error_rate, max: 0.2 }]
      min_runs: 10
"""


class Now:
    """A clock that is moved by hand."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self.moment = start

    def now(self) -> datetime:
        """The set moment."""
        return self.moment

    def forward(self, seconds: float) -> None:
        """Move it."""
        self.moment += timedelta(seconds=seconds)


@dataclass
class Runs:
    """Run records that a test makes up: `errors` of `runs` for each version."""

    made: dict[str, tuple[int, int]] = field(default_factory=dict)
    asked: list[RunQuery] = field(default_factory=list)

    def __call__(self, since: RunQuery) -> list[Sample]:
        """All of them."""
        self.asked.append(since)
        return [
            Sample(version, "error" if n < errors else "success", 1.0, 10, 0.0, since.time)
            for version, (runs, errors) in self.made.items()
            for n in range(runs)
        ]


QUICK = LeasePolicy(lease=0.5, beat=0.1, longest=20.0, poll=(0.01, 0.05))


@dataclass
class Scene:
    """A registry, its clock, its runs, and what was said."""

    root: Path
    remote: str = ""
    clock: Now = field(default_factory=Now)
    runs: Runs = field(default_factory=Runs)
    said: list[str] = field(default_factory=list)
    events_seen: list[str] = field(default_factory=list)
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def target(self) -> Target:
        """Where commands work."""
        return Target(self.root, self.remote, self.clock, self.environ)

    def how(self, **more: Any) -> DeployOptions:
        """How commands work."""
        return DeployOptions(
            **{"say": self.said.append, "samples": self.runs, "policy": QUICK, **more}
        )

    def on_event(self, event: Any) -> None:
        """Hears of events."""
        self.events_seen.append(f"{event.stage} {event.status}")

    def state(self, name: str, environment: str) -> Deployment:
        """What serves; the events must say the same, without a gap."""
        view = self.target.store().view(environment, name)
        found = view.deployment
        assert found is not None
        check(found, view.events())
        return found

    def events(self, name: str, environment: str) -> list[dict[str, Any]]:
        """The events, oldest first."""
        return [json.loads(data) for _, data in self.target.store().events(environment, name)]


def check(state: Deployment, events: Iterable[tuple[str, bytes]]) -> None:
    """The invariants: weights sum to 100, the chain has no gap, the pointer is what the events say."""
    from registry_tool.deploy.history import read_history

    files = dict(events)
    assert broken_link(files) is None
    history = read_history(read_event(data, path) for path, data in sorted(files.items()))
    assert sum(entry.weight for entry in state.serving) in ({100} if state.serving else {0})
    assert [(e.version, e.weight) for e in state.serving] == list(history.weights)
    if state.rollout is None:
        assert (state.previous is None) == (history.previous is None)
        assert state.previous is None or state.previous.same_as(history.previous)


def scene_of(registry: Any, settings: str = ENVIRONMENTS) -> Scene:
    """A scene in a registry whose settings are replaced and committed."""
    (registry.root / "registry/registry.yaml").write_text(settings)
    registry.commit("Change the settings")
    return Scene(registry.root)


Make = Callable[..., Any]


ENV = "production"
"""Where `scene` of tests/commands/deploy/conftest.py has a canary."""


def shares(scene: Scene) -> dict[str, int]:
    """Percent by version."""
    return {entry.version: entry.weight for entry in scene.state("hello", ENV).serving}


def status(scene: Scene) -> Status:
    """As `status` shows it."""
    (found,) = statuses(scene.target, [scene.state("hello", ENV)])
    return found


def target(registry: object, remote: str = "") -> Target:
    """Where commands work."""
    return Target(registry.root, remote)  # type: ignore[attr-defined]
