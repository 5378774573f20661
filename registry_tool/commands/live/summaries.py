"""The summaries of a commit, from its index documents and from what differs since those were written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from registry_tool.catalogue.documents import summary
from registry_tool.catalogue.index_branch import indexed_commit
from registry_tool.catalogue.load import load_catalogue
from registry_tool.catalogue.summaries import Summary
from registry_tool.store import paths
from registry_tool.store.changes import changes_between
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

Summarise = Callable[[str], Summary | None]
"""A workflow's summary by its name, None where it has no version."""

_NUMBERS = {f"{paths.METADATA}/{kind}.json" for kind in ("downloads", "ratings")}


def summaries_of(
    repository: Repository, commit: str, summarise: Summarise
) -> Mapping[str, Summary]:
    """WorkflowSummary by name, in the order of names; `summarise` is asked for what the indexes lack.

    Where the index documents don't tell which commit they show, every version is read.
    """
    found = indexed_commit(repository, commit)
    if found is None:
        catalogue = load_catalogue(GitTree(repository, commit), commit)
        return {line.name: summary(catalogue, line) for line in catalogue.lines}
    documents, origin = found
    listed = msgspec.json.decode(
        documents.read(f"{paths.INDEXES}/by-category.json"), type=dict[str, list[Summary]]
    )
    known = {str(entry["name"]): entry for entries in listed.values() for entry in entries}
    return brought(known, changed_names(repository, origin, commit), summarise)


def brought(
    known: Mapping[str, Summary], changed: frozenset[str] | None, summarise: Summarise
) -> Mapping[str, Summary]:
    """Summaries of one commit brought to another; `changed` are names, None for all."""
    names = known.keys() if changed is None else changed
    fresh = {name: summarise(name) for name in sorted(names)}
    both = {**known, **fresh}
    return {name: entry for name, entry in sorted(both.items()) if entry is not None}


def changed_names(repository: Repository, old: str, new: str) -> frozenset[str] | None:
    """The workflows whose files differ between two commits; None where their numbers do, so that all may."""
    changed = {change.path for change in changes_between(repository, old, new)}
    if changed & _NUMBERS:
        return None
    below = f"{paths.WORKFLOWS}/"
    return frozenset(
        path.split("/")[2] for path in changed if path.startswith(below) and path.count("/") > 2
    )
