"""Pages of every kind, by the template that makes them: what tests look at that judge pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from registry_tool.catalogue.load import load_line, load_settings
from registry_tool.site.pages.deployed import deployed_files
from registry_tool.site.pages.plain import plain_line
from registry_tool.site.site import DeployedView, DeployedWorkflow, Site
from registry_tool.store.tree import FolderTree

KINDS: Mapping[str, tuple[str, ...]] = {
    "home": ("index.html",),
    "listing": ("workflows/index.html", "workflows/page/1/index.html", "tags/nlp/index.html"),
    "groups": ("categories/index.html",),
    "search": ("search/index.html",),
    "workflow": (
        "workflows/sentiment-analysis/index.html",
        "workflows/ticket-router/1.0.0/index.html",
        "workflows/fit-to-length/index.html",
    ),
    "plain": ("workflows/table-cleaner/index.html",),
    "diff": ("workflows/sentiment-analysis/diff/1.1.0...1.2.0/index.html",),
    "compare": ("workflows/sentiment-analysis/diff/index.html",),
    "stats": ("stats/index.html",),
    "dependencies": ("dependencies/index.html",),
    "deployments": ("deployments/index.html",),
    "reference": ("api/index.html",),
    "article": (
        "docs/index.html",
        "docs/tutorial/index.html",
        "docs/deployments/index.html",
        "docs/edges/llm/index.html",
        "rules/index.html",
        "rules/limits/index.html",
    ),
    "not_found": ("404.html",),
}
PAGES = tuple(chain.from_iterable(KINDS.values()))
ON = "2026-01-02T03:04:05.000Z"
DEPLOYED = DeployedView(
    (
        DeployedWorkflow(
            *("sentiment-analysis", "staging", "paused", (("1.2.0", 10, ON), ("1.1.0", 90, ON))),
            failed_stage="watch", failed_time=ON, runs=1208, failed_runs=2, last_run=ON,
        ),
        DeployedWorkflow("ticket-router", "staging", "nothing"),
        DeployedWorkflow("ticket-router", "production", "serving", (("1.0.0", 100, ON),)),
    )
)  # fmt: skip


def further_files(root: Path, base_url: str = "") -> dict[str, bytes]:
    """Pages that this registry's own build has none of: what serves where, and one in place of a full page."""
    tree = FolderTree(root)
    site = Site(replace(load_settings(tree), shows_deployments=True), base_url, deployed=DEPLOYED)
    line = load_line(tree, "table-cleaner", {})
    assert line is not None
    return {**dict(deployed_files(site)), **dict(plain_line(line, site))}
