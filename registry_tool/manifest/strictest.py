"""What a run owes the data that it gets: the strictest promise of all the workflows that may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from registry_tool.core.clock import seconds
from registry_tool.manifest.model import Security, Workflow

_RANKS: Final = {"keep": 0, "mask": 1, "strip": 1, "reject": 2}


def strictest(first: Workflow, others: Iterable[Workflow]) -> Security:
    """The first workflow's access lists, with the strictest privacy of all: encryption where any demands it, the
    shortest retention that any sets, the strictest handling of personal data."""
    all_ = [first.security, *(other.security for other in others)]
    return replace(
        first.security,
        encryption=next((one.encryption for one in all_ if one.encryption), ""),
        data_retention=_shortest([one.data_retention for one in all_]),
        pii_handling=max((one.pii_handling for one in all_), key=handling_rank),
    )


def handling_rank(handling: str) -> int:
    """How much a `pii_handling` lets through: the higher, the less; one that is not known counts as strict."""
    return _RANKS.get(handling, len(_RANKS))


def _shortest(retentions: Sequence[str]) -> str:
    return min(filter(None, retentions), key=seconds, default="")
