"""`schedules` of `registry.yaml`: runs that begin by themselves, at times that a cron expression says (in UTC)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import cast

from cronsim import CronSim, CronSimError

from registry_tool.core.files import unsafe_path
from registry_tool.core.finding import Problem
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Object, Value

_ANY = datetime(2024, 1, 1, tzinfo=UTC)


class Schedule(Record, frozen=True):
    """One schedule. Inputs stand here, or as JSON in a file of the registry (`inputs_file`)."""

    name: str
    cron: str
    environment: str
    workflow: str
    inputs: Frozen = field(default_factory=dict)
    inputs_file: str = ""
    enabled: bool = True


def read_schedules(value: Object) -> tuple[Schedule, ...]:
    """The schedules of a checked `registry.yaml`, in its order."""
    return tuple(
        Schedule(
            name=cast(str, item["name"]),
            cron=cast(str, item["cron"]),
            environment=cast(str, item["environment"]),
            workflow=cast(str, item["workflow"]),
            inputs=cast(Object, item.get("inputs") or {}),
            inputs_file=cast(str, item.get("inputs_file", "")),
            enabled=item.get("enabled", True) is True,
        )
        for item in cast(list[Object], value.get("schedules") or [])
    )


def schedule_problems(value: Value) -> Iterator[Problem]:
    """What the schema can't say: times that never come, names twice, environments that there are not."""
    if not isinstance(value, dict):
        return
    environments = cast(Mapping[str, Value], value.get("environments") or {})
    seen: set[str] = set()
    for number, schedule in enumerate(read_schedules(value)):
        at = ("schedules", number)
        if reason := cron_problem(schedule.cron):
            yield Problem((*at, "cron"), reason, "write minute hour day month weekday, in UTC")
        if schedule.name in seen:
            yield Problem(
                (*at, "name"), f"duplicate schedule {schedule.name!r}", "name each differently"
            )
        seen.add(schedule.name)
        if environments and schedule.environment not in environments:
            known = ", ".join(environments)
            message = f"there is no environment {schedule.environment!r}"
            yield Problem((*at, "environment"), message, f"there are {known}")
        if schedule.inputs and schedule.inputs_file:
            yield Problem((*at, "inputs_file"), "inputs stand here and in a file", "keep one")
        if schedule.inputs_file and (wrong := unsafe_path(schedule.inputs_file)):
            yield Problem(
                (*at, "inputs_file"),
                f"the path {wrong}",
                "name a file of the registry, such as schedules/nightly.json",
            )


def cron_problem(text: str) -> str:
    """Why a cron expression can't be used, or nothing."""
    if len(text.split()) != 5:
        return f"{text!r} has not five fields"
    try:
        next(CronSim(text, _ANY))
    except CronSimError as error:
        return f"{text!r} is not a cron expression: {error}"
    except StopIteration:
        return f"{text!r} never comes"
    return ""
