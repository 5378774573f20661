"""What the site shows of deployments: read from the state's branches, where the registry's settings want it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from registry_tool.commands.deploy.status import Status, statuses
from registry_tool.core.clock import instant
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.render import status_word
from registry_tool.monitoring.totals import SUCCESS, RunNote
from registry_tool.site.site import DeployedView, DeployedWorkflow
from registry_tool.state.runs.feed import NewRuns
from registry_tool.state.target import Target

MONTHS: Final = 2
"""Months of run records that are counted."""


def deployed_view(target: Target, environments: Iterable[str]) -> DeployedView:
    """What serves where, by environment (in the given order) and name; nobody and nothing of a run is named.

    What can't be read now stands in `unread`: a site is published all the same.
    """
    try:
        found, broken = target.store().scan()
        shown = statuses(target, found)
        notes = [note for note in NewRuns(target, MONTHS)("") if note.status]
    except RegistryError as error:
        return DeployedView(unread=error.reason)
    known, ended = list(environments), _by_place(notes)
    workflows = [_shown(one, ended.get(_place(one), [])) for one in shown]
    workflows.sort(key=lambda one: (_order(one.environment, known), one.workflow))
    unread = ", ".join(f"{one.workflow} ({one.environment})" for one in broken)
    return DeployedView(tuple(workflows), unread)


def _place(status: Status) -> tuple[str, str]:
    return status.deployment.environment, status.deployment.workflow


def _by_place(notes: Iterable[RunNote]) -> dict[tuple[str, str], list[RunNote]]:
    found: dict[tuple[str, str], list[RunNote]] = {}
    for note in notes:
        found.setdefault((note.environment, note.workflow), []).append(note)
    return found


def _order(environment: str, known: list[str]) -> tuple[int, str]:
    return (known.index(environment) if environment in known else len(known), environment)


def _shown(status: Status, ended: list[RunNote]) -> DeployedWorkflow:
    deployment, failed = status.deployment, status.failed
    return DeployedWorkflow(
        workflow=deployment.workflow,
        environment=deployment.environment,
        status=status_word(deployment),
        serving=tuple((one.version, one.weight, one.since) for one in deployment.serving),
        failed_stage=failed.stage if failed else "",
        failed_time=failed.time if failed else "",
        runs=len(ended),
        failed_runs=sum(note.status != SUCCESS for note in ended),
        last_run=instant(max(note.time for note in ended)) if ended else "",
    )
