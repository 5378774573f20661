"""What deployers share, and a session on one rollout: its writes stop as soon as somebody else holds it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from registry_tool.core.clock import Clock, instant
from registry_tool.deploy.analysis import Samples
from registry_tool.deploy.heartbeat import Heartbeat
from registry_tool.deploy.lease import LeasePolicy
from registry_tool.deploy.model import Deployment, Phase, Rollout, Serving, StageEvent
from registry_tool.deploy.process_id import this_process
from registry_tool.deploy.stages import StageRunner
from registry_tool.deploy.store import DeploymentStore, StateUpdate, View
from registry_tool.deploy.transitions import claimed, held

Transition = tuple[Deployment, tuple[StageEvent, ...]]
TransitionFn = Callable[[Deployment, Rollout], Transition]
"""From the present state and the rollout that is held to the next state and its events."""


class MovedError(Exception):
    """The state is not what a decision was built on; look again. Never leaves registry_tool/deploy."""


@dataclass(frozen=True, slots=True)
class DeployContext:
    """All that deployers of a registry share. `on_event` hears of events once they are written, `say` of the rest.

    `override` is a maintainer's reason where a promotion sets rules of the environment aside. `demand_there`
    refuses (`RegistryError`) an entry whose version the registry no longer has as it was deployed.
    """

    open_store: Callable[[], DeploymentStore]
    clock: Clock
    samples: Samples = lambda _: []
    on_event: Callable[[StageEvent], None] = lambda _: None
    say: Callable[[str], None] = lambda _: None
    policy: LeasePolicy = field(default_factory=LeasePolicy)
    actor: str = ""
    override: str = ""
    demand_there: Callable[[str, Serving], None] = lambda *_: None


class RolloutSession:
    """One deployment of one workflow to one environment, by one holder."""

    def __init__(
        self, context: DeployContext, environment: str, name: str, deployment: str
    ) -> None:
        self.context, self.environment, self.name = context, environment, name
        self.deployment = deployment
        self.holder = this_process(secrets.token_hex(4))
        self.store = context.open_store()
        self.stages = StageRunner(deployment, context.clock)

    def view(self) -> View:
        """The branch now."""
        return self.store.view(self.environment, self.name)

    def now(self) -> str:
        """The time, RFC 3339."""
        return instant(self.context.clock.now())

    def take(
        self, seen: Deployment | None, rollout: Rollout, events: tuple[StageEvent, ...] = ()
    ) -> Deployment:
        """Hold a rollout, if the state is still what was seen; `MovedError` else."""

        def decide(view: View) -> StateUpdate:
            if view.deployment != seen:
                raise MovedError
            start = seen or Deployment(self.name, self.environment)
            return StateUpdate(events, claimed(start, self._mine(rollout)))

        return self._write(f"Begin {self.deployment}: {self.name} in {self.environment}", decide)

    def write(self, message: str, make: TransitionFn) -> Deployment:
        """Change what is held; `LeaseLostError` where it no longer is."""

        def decide(view: View) -> StateUpdate:
            now = view.deployment
            rollout = held(now, self.deployment, self.holder)
            assert now is not None  # noqa: S101 - a state with a rollout
            after, events = make(now, rollout)
            left = after.rollout
            if left is not None and left.holder:
                after = replace(after, rollout=replace(left, beat=rollout.beat + 1))
            return StateUpdate(events, after)

        words = f"{message}: {self.name} in {self.environment}"
        return self._write(words, decide, trusting=True)  # a lost lease shows as a refused push

    def put_on_record(self, message: str, event: StageEvent) -> None:
        """Add an event to a workflow that has a state; that state stays as it is."""
        words = f"{message}: {self.name} in {self.environment}"
        self._write(words, lambda _: StateUpdate((event,)))

    def _write(
        self, message: str, decide: Callable[[View], StateUpdate], *, trusting: bool = False
    ) -> Deployment:
        written: list[StageEvent] = []

        def noted(view: View) -> StateUpdate:
            change = decide(view)
            written[:] = change.events
            return change

        done = self.store.change(self.environment, self.name, message, noted, trusting=trusting)
        for event in written:
            self.context.on_event(event)
        assert done is not None  # noqa: S101 - every change above names a state
        return done

    def release(self) -> None:
        """Let go of what is held, so that nobody has to wait; the next one finds it unfinished."""
        self.write(
            f"Leave {self.deployment}",
            lambda now, rollout: (replace(now, rollout=replace(rollout, holder="")), ()),
        )

    def beating(self) -> Heartbeat:
        """Shows in the state that this holder lives, as long as the `with` lasts."""
        return Heartbeat(self._beat, self.context.policy.beat)

    def _beat(self) -> None:
        store = self.context.open_store()  # a thread of its own needs a git of its own

        def decide(view: View) -> StateUpdate:
            now = view.deployment
            rollout = held(now, self.deployment, self.holder)
            assert now is not None  # noqa: S101 - a state with a rollout
            return StateUpdate((), replace(now, rollout=replace(rollout, beat=rollout.beat + 1)))

        store.change(self.environment, self.name, f"Go on with {self.deployment}", decide)

    def _mine(self, rollout: Rollout) -> Rollout:
        phase = Phase.STEP if rollout.step else Phase.STAGES
        return replace(
            rollout, holder=self.holder, beat=rollout.beat + 1, phase=phase, since=rollout.since or self.now()
        )  # fmt: skip
