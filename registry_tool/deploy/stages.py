"""One stage of a deployment: its work is timed, and becomes an event, whether it succeeds or refuses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from registry_tool.core.clock import Clock, instant
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen
from registry_tool.deploy.model import FAILED, OK, StageEvent

Stage = Callable[[], Frozen]
"""Does the stage's work; gives its event's detail. Raises `RegistryError` to refuse."""


class StageFailedError(RegistryError):
    """A stage refused; `event` tells of it."""

    def __init__(self, cause: RegistryError, event: StageEvent) -> None:
        super().__init__(
            f"the stage {event.stage} failed: {cause.reason}",
            location=cause.location,
            hint=cause.hint,
        )
        self.event = event


@dataclass(frozen=True, slots=True)
class StageRunner:
    """Makes the events of one deployment."""

    deployment: str
    clock: Clock

    def run(self, name: str, stage: Stage) -> StageEvent:
        """Do a stage's work; `StageFailedError` where it refuses."""
        started = self.clock.now()
        try:
            detail, status, cause = stage(), OK, None
        except RegistryError as error:
            detail, status, cause = {"reason": str(error)}, FAILED, error
        seconds = max(0.0, (self.clock.now() - started).total_seconds())  # a clock may go back
        event = StageEvent(self.deployment, name, status, instant(started), seconds, detail)
        if cause is not None:
            raise StageFailedError(cause, event) from cause
        return event

    def event(self, name: str, status: str, detail: Frozen) -> StageEvent:
        """An event of something that takes no time."""
        return StageEvent(self.deployment, name, status, instant(self.clock.now()), 0.0, detail)
