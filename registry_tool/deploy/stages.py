"""The stages of a deployment, one after the other; the first failure ends it and nothing is switched.

What each stage does is handed in: this module knows the order, the clock and how an event looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from registry_tool.core.clock import Clock, instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen
from registry_tool.deploy.model import FAILED, OK, STAGES, StageEvent

Stage = Callable[[], Frozen]
"""Does the stage's work; gives its event's detail. Raises `RegistryError` to refuse."""


class StageFailedError(RegistryError):
    """A stage refused; `events` are those so far, the failed one last."""

    def __init__(self, stage: str, cause: RegistryError, events: tuple[StageEvent, ...]) -> None:
        super().__init__(
            f"the stage {stage} failed: {cause.reason}", place=cause.place, way_out=cause.way_out
        )
        self.stage = stage
        self.events = events


@dataclass(frozen=True, slots=True)
class StageRunner:
    """Runs stages and makes their events; `tell` hears of each as it ends."""

    deployment: str
    clock: Clock
    tell: Callable[[StageEvent], None] = lambda _: None

    def run(self, stages: Mapping[str, Stage]) -> tuple[StageEvent, ...]:
        """The events of the given stages, in the design document's order."""
        events: tuple[StageEvent, ...] = ()
        for name in STAGES:
            if name in stages:
                events = (*events, self._one(name, stages[name], events))
        return events

    def _one(self, name: str, stage: Stage, before: tuple[StageEvent, ...]) -> StageEvent:
        started = self.clock.now()
        try:
            detail, status, cause = stage(), OK, None
        except RegistryError as error:
            detail, status, cause = {"reason": str(error)}, FAILED, error
        seconds = (self.clock.now() - started).total_seconds()
        event = StageEvent(self.deployment, name, status, instant(started), seconds, detail)
        self.tell(event)
        if cause is not None:
            raise StageFailedError(name, cause, (*before, event)) from cause
        return event
