"""Run records as erasure and pruning want them."""

from __future__ import annotations

from collections.abc import Sequence

from registry_tool.commands.branches import Place
from registry_tool.commands.erase import Run
from registry_tool.commands.prune import Months


def runs_of(place: Place, environment: str) -> Sequence[Run]:
    """Every record of an environment."""
    return ()


def months_of(place: Place) -> Months:
    """Every record by month."""
    return {}
