"""The issues that tell of drift, through the registry's forge."""

from __future__ import annotations

from collections.abc import Mapping

from registry_tool.commands.deploy import Target
from registry_tool.commands.drift import Tracker
from registry_tool.core.errors import UsageError


def tracker_of(target: Target, environ: Mapping[str, str]) -> Tracker:
    """The forge of the registry's remote, with the job's token."""
    raise UsageError("this forge keeps no issues yet")
