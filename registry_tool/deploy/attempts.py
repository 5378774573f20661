"""What the newest events of a workflow in an environment say beside what serves: a failure, a way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from registry_tool.core.values import Object
from registry_tool.deploy.event_log import DeployEvent, EventDetail
from registry_tool.deploy.model import FAILED

_FURTHEST = 200
"""How many events are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A deployment that failed, or a rollback that a person asked for.

    `time` is RFC 3339; `version` and `actor` are empty where the events don't tell.
    """

    deployment: str
    stage: str
    reason: str
    time: str
    version: str = ""
    actor: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "deployment": self.deployment,
            "stage": self.stage,
            "reason": self.reason,
            "time": self.time,
            "version": self.version,
            "actor": self.actor,
        }


def last_failure(newest_first: Iterable[DeployEvent]) -> Attempt | None:
    """The last deployment that failed, unless one has ended well since; None where none did."""
    found: Attempt | None = None
    for event in islice(newest_first, _FURTHEST):
        detail = event.details
        if found is None and event.finished:
            return None
        if found is None and event.status == FAILED:
            found = _attempt(event, _why(detail))
        elif found is None or event.deployment != found.deployment:
            continue
        version, actor = found.version or detail.version, found.actor or detail.actor
        found = replace(found, version=version, actor=actor)
        if event.stage == "select":
            return found
    return found


def last_rollback(newest_first: Iterable[DeployEvent]) -> Attempt | None:
    """The rollback that a person asked for, where nothing was deployed since; `version` is the one it left."""
    for event in islice(newest_first, _FURTHEST):
        detail = event.details
        if event.finished:
            return None
        if event.stage == "rollback" and detail.asked:
            attempt = _attempt(event, detail.reason)
            return replace(attempt, version=detail.left, actor=detail.actor)
    return None


def failure_sentence(location: str, attempt: Attempt) -> str:
    """For people: which attempt, by whom, where it failed and why."""
    version = f" of {attempt.version}" if attempt.version else ""
    return (
        f"{location}: the last attempt{version} failed at {attempt.stage} ({attempt.deployment}{_by(attempt)}, "
        f"{attempt.time}): {attempt.reason}"
    )


def rollback_sentence(location: str, attempt: Attempt) -> str:
    """For people: who went back, when and why."""
    why = f": {attempt.reason}" if attempt.reason else ", without a reason"
    return f"{location}: rolled back from {attempt.version}{_by(attempt)} ({attempt.time}){why}"


def _by(attempt: Attempt) -> str:
    return f" by {attempt.actor}" if attempt.actor else ""


def _attempt(event: DeployEvent, reason: str) -> Attempt:
    return Attempt(event.deployment, event.stage, reason, event.time)


def _why(detail: EventDetail) -> str:
    """A stage's reason, or the metrics that broke their threshold."""
    if detail.reason:
        return detail.reason
    broken = ", ".join(_broken(detail.metrics))
    return f"{broken} of {detail.runs} runs broke the threshold"


def _broken(metrics: Iterable[Object]) -> Iterator[str]:
    for metric in metrics:
        if metric.get("verdict") == FAILED:
            yield f"{metric.get('metric')} {metric.get('value')}"
