"""What the newest events of a workflow in an environment say beside what serves: a failure, a way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.deploy.model import FAILED

_FURTHEST = 200
"""How many events are looked at, the newest first."""


@dataclass(frozen=True, slots=True)
class Told:
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


def last_failure(newest_first: Iterable[Object]) -> Told | None:
    """The last deployment that failed, unless one has ended well since; None where none did."""
    found: Told | None = None
    for event in islice(newest_first, _FURTHEST):
        detail = cast(Object, event.get("detail") or {})
        if found is None and event.get("stage") == "watch" and detail.get("finished") is True:
            return None
        if found is None and event.get("status") == FAILED:
            found = _told(event, _why(detail))
        elif found is None or event.get("deployment") != found.deployment:
            continue
        version, actor = str(detail.get("version") or ""), str(detail.get("actor") or "")
        found = replace(found, version=found.version or version, actor=found.actor or actor)
        if event.get("stage") == "select":
            return found
    return found


def last_rollback(newest_first: Iterable[Object]) -> Told | None:
    """The rollback that a person asked for, where nothing was deployed since; `version` is the one it left."""
    for event in islice(newest_first, _FURTHEST):
        detail = cast(Object, event.get("detail") or {})
        if event.get("stage") == "watch" and detail.get("finished") is True:
            return None
        if event.get("stage") == "rollback" and detail.get("asked") is True:
            told = _told(event, str(detail.get("reason") or ""))
            return replace(
                told, version=str(detail.get("from") or ""), actor=str(detail.get("actor") or "")
            )
    return None


def failure_sentence(place: str, told: Told) -> str:
    """For people: which attempt, by whom, where it failed and why."""
    version = f" of {told.version}" if told.version else ""
    return (
        f"{place}: the last attempt{version} failed at {told.stage} ({told.deployment}{_by(told)}, "
        f"{told.time}): {told.reason}"
    )


def rollback_sentence(place: str, told: Told) -> str:
    """For people: who went back, when and why."""
    why = f": {told.reason}" if told.reason else ", without a reason"
    return f"{place}: rolled back from {told.version}{_by(told)} ({told.time}){why}"


def _by(told: Told) -> str:
    return f" by {told.actor}" if told.actor else ""


def _told(event: Object, reason: str) -> Told:
    return Told(
        str(event.get("deployment", "")),
        str(event.get("stage", "")),
        reason,
        str(event.get("time", "")),
    )


def _why(detail: Object) -> str:
    """A stage's reason, or the metrics that broke their threshold."""
    if reason := detail.get("reason"):
        return str(reason)
    broken = ", ".join(_broken(detail.get("metrics")))
    return f"{broken} of {detail.get('runs', 0)} runs broke the threshold"


def _broken(metrics: Value) -> Iterator[str]:
    for metric in metrics if isinstance(metrics, list) else ():
        if isinstance(metric, dict) and metric.get("verdict") == FAILED:
            yield f"{metric.get('metric')} {metric.get('value')}"
