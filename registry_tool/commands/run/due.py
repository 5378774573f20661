"""`registry-tool due`: which environments have work that the clock started; reads two branches and nothing else.

Every quarter of an hour one short job asks this, and jobs with secrets start only where there is an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from registry_tool.catalogue.schedules import Schedule
from registry_tool.commands.run.scheduled import BRANCH, is_ahead, last_dealt
from registry_tool.core.values import Object
from registry_tool.monitoring.ticks import due
from registry_tool.state.branches import state_branch
from registry_tool.state.target import Target
from registry_tool.store.git.commit_tree import GitTree


class Cadence(StrEnum):
    """What the clock starts: rollouts and schedules often, drift and pruning daily."""

    OFTEN = "often"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class DueWork:
    """Why an environment needs a job now."""

    environment: str
    reasons: tuple[str, ...]

    def to_value(self) -> Object:
        """As JSON."""
        return {"environment": self.environment, "reasons": list(self.reasons)}


def due_work(target: Target, part: Cadence, now: datetime | None = None) -> tuple[DueWork, ...]:
    """The environments with something to do, in the order of `registry.yaml`.

    Daily that is every environment. Often: those with a rollout that has not ended, or with a schedule that is due
    or was never looked at.
    """
    names = target.settings().environments
    if part is Cadence.DAILY:
        return tuple(DueWork(name, ("the daily part",)) for name in names)
    reasons: dict[str, list[str]] = {name: [] for name in names}
    for state in target.store().all():
        if state.rollout is not None:
            cause = f"{state.workflow}: a rollout is {state.rollout.phase.value}"
            reasons.setdefault(state.environment, []).append(cause)
    for schedule, reason in _schedules(target, now or target.clock.now()):
        reasons.setdefault(schedule.environment, []).append(f"{schedule.name}: {reason}")
    return tuple(DueWork(name, tuple(why)) for name, why in reasons.items() if why)


def _schedules(target: Target, now: datetime) -> list[tuple[Schedule, str]]:
    enabled = [schedule for schedule in target.settings().schedules if schedule.enabled]
    if not enabled:
        return []
    tree = state_branch(target, BRANCH).files()
    found = [(schedule, _reason(tree, schedule, now)) for schedule in enabled]
    return [(schedule, reason) for schedule, reason in found if reason]


def _reason(tree: GitTree, schedule: Schedule, now: datetime) -> str:
    last = last_dealt(tree, schedule)
    if last is None:
        return "it is new"
    if is_ahead(last, now):
        return "what was dealt with last is noted with a time that is yet to come"
    return "it is due" if due(schedule.cron, last, now) else ""
