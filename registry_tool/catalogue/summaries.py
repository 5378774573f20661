"""Summaries: what lists, search and counts know of a workflow; computed once, from its latest version alone.

A summary is the WorkflowSummary of SPEC.md §3 with the facets that search and lists filter by. Everything that
shows many workflows is made of summaries, so that an increment can keep them and never read a version again.
"""

from __future__ import annotations

from typing import Final

from registry_tool.catalogue.model import Line
from registry_tool.catalogue.providers import provider_of
from registry_tool.catalogue.score import score
from registry_tool.core.values import Object, Value
from registry_tool.manifest.destinations import destinations
from registry_tool.manifest.model import Workflow

Summary = Object

PUBLIC: Final = (
    *("name", "version", "author", "description", "category", "tags"),
    *("downloads", "rating", "updated"),
)
"""What the API's WorkflowSummary has of a summary."""


def summarise(line: Line, downloads: int = 0, rating: float | None = None) -> Summary:
    """The summary of a line, facets included: `licence`, `edges`, `models`, `hosts`, `offline`, `certified`, …

    `models`, their `providers` and `hosts` are sorted names; `offline` says that no edge sends anything anywhere;
    `deprecated` is the reason that the owners give; `yanked` says that no new resolve chooses even the latest
    version; `score` has its points (`total`) and those that there are (`of`).
    """
    about = line.latest.workflow.metadata
    points = score(line.latest)
    sent = _sent(line.latest.workflow)
    models = _named(sent, "the model ")
    return {
        "name": about.name,
        "version": about.version,
        "author": about.author,
        "description": about.description,
        "category": about.category,
        "tags": list(about.tags),
        "downloads": downloads,
        "rating": rating,
        "updated": line.latest.released,
        "licence": about.license,
        "blocks": _sorted({block.type for block in line.latest.workflow.blocks}),
        "edges": _sorted({edge.type for edge in line.latest.workflow.edges}),
        "models": _sorted(models),
        "providers": _sorted({provider_of(name) for name in models} - {""}),
        "hosts": _sorted(_named(sent, "the host ")),
        "services": _sorted(_named(sent, "the service ")),
        "offline": not sent,
        "certified": line.certified is not None,
        "score": {"total": points.total, "of": points.of},
        "deprecated": line.owners.deprecated.reason if line.owners.deprecated else "",
        "yanked": bool(line.latest.yanked),
    }


def public(summary: Summary) -> Object:
    """The WorkflowSummary of the API."""
    return {key: summary[key] for key in PUBLIC}


def _sent(workflow: Workflow) -> frozenset[str]:
    """Where the workflow sends anything, in words."""
    return frozenset(to for edge in workflow.edges for to in destinations(workflow, edge))


def _named(sent: frozenset[str], kind: str) -> set[str]:
    return {to.removeprefix(kind) for to in sent if to.startswith(kind)}


def _sorted(names: set[str]) -> Value:
    return list[Value](sorted(names))
