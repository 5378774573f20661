"""Runs of a deployment, as the watch judges them."""

from __future__ import annotations

from registry_tool.commands.deployed import Target
from registry_tool.deploy.analysis import Sample, Samples, Since


def samples_of(target: Target) -> Samples:
    """Asks the registry's run records."""

    def samples(since: Since) -> list[Sample]:
        return []

    return samples
