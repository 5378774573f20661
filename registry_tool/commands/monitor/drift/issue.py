"""The issues that tell of drift, on the forge of the registry."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.commands.jobs.dispatch import Via, forge_of
from registry_tool.commands.monitor.drift.drift import Tracker
from registry_tool.forge.base import Issues
from registry_tool.forge.model import Issue
from registry_tool.state.target import Target

LABEL = "drift"


def tracker_of(target: Target, environ: Mapping[str, str]) -> Tracker:
    """The forge of the registry's remote, with the job's token; `UsageError` where one of them is missing."""
    forge = forge_of(Via.GITHUB, target.root, target.remote, environ)
    assert forge is not None  # noqa: S101 - only Via.LOCAL and Via.AUTO give none
    return tracker(forge.issues)


def tracker(issues: Issues) -> Tracker:
    """Issues by title, under one label."""
    return Tracker(
        report=lambda title, body: issues.report(Issue(title, body, (LABEL,))),
        resolve=lambda title, body: issues.resolve(Issue(title, body, (LABEL,))),
    )
