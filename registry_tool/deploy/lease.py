"""When a rollout may be taken over: without comparing clocks of two machines (docs/adr/0014)."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from registry_tool.deploy.model import Rollout
from registry_tool.deploy.process_id import holder_words, is_dead

LEASE = 60.0
"""Seconds without a beat after which a holder counts as dead."""

BEAT = 15.0
"""Seconds between a holder's beats."""


@dataclass(frozen=True, slots=True)
class LeasePolicy:
    """How long to wait for rivals, in seconds, by a clock that only goes forward."""

    lease: float = LEASE
    beat: float = BEAT
    longest: float = 900.0
    poll: tuple[float, float] = (0.2, 1.0)
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    dead: Callable[[str], bool] = is_dead

    def pause(self) -> None:
        """Wait a little, each rival another while."""
        self.sleep(random.uniform(*self.poll))  # noqa: S311 - it only spreads rivals


@dataclass(slots=True)
class LeaseWatcher:
    """Remembers since when it has seen the same beat."""

    policy: LeasePolicy
    _mark: tuple[str, str, int] = ("", "", -1)
    _seen: float = 0.0
    _started: float = field(default=0.0)
    _reported: str = ""

    def __post_init__(self) -> None:
        self._started = self.policy.monotonic()

    def free(self, rollout: Rollout, deployment: str = "") -> bool:
        """Whether nobody is at work on a rollout, or nobody but an earlier try of the same deployment."""
        if not rollout.holder or rollout.deployment == deployment:
            return True
        if self.policy.dead(rollout.holder):
            return True
        now = self.policy.monotonic()
        mark = (rollout.deployment, rollout.holder, rollout.beat)
        if mark != self._mark:
            self._mark, self._seen = mark, now
        return now - self._seen >= self.policy.lease

    def words(self, rollout: Rollout) -> str:
        """Who holds it, since when, and when it is taken over; empty where that was said of this holder before."""
        if rollout.holder == self._reported:
            return ""
        self._reported = rollout.holder
        who = f" for {rollout.actor}" if rollout.actor else ""
        return (
            f"waiting for the deployment {rollout.deployment}: {holder_words(rollout.holder)} holds it{who} since "
            f"{rollout.since}; it is taken over after {self.policy.lease:g} s without a sign of life"
        )

    @property
    def tired(self) -> bool:
        """True after waiting as long as one may."""
        return self.policy.monotonic() - self._started >= self.policy.longest
