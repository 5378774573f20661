"""The summaries of a commit, from its index documents and from what differs since those were written."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from registry_tool.catalogue.index_branch import indexed_commit
from registry_tool.catalogue.load import load_latest, load_numbers
from registry_tool.catalogue.summaries import Summary, public, summarise
from registry_tool.store import paths
from registry_tool.store.changes import changes_between
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree import RegistryTree

_NUMBERS = {f"{paths.METADATA}/{kind}.json" for kind in ("downloads", "ratings")}


def summaries_of(repository: Repository, commit: str) -> Mapping[str, Summary]:
    """WorkflowSummary by name, in the order of names; of what the indexes lack, latest versions are read."""
    tree = GitTree(repository, commit)
    found = indexed_commit(repository, commit)
    if found is None:
        return brought(tree, {}, frozenset(tree.folders(paths.WORKFLOWS)))
    documents, origin = found
    listed = msgspec.json.decode(
        documents.read(f"{paths.INDEXES}/by-category.json"), type=dict[str, list[Summary]]
    )
    known = {str(entry["name"]): entry for entries in listed.values() for entry in entries}
    return brought(tree, known, changed_names(repository, origin, commit))


def brought(
    tree: RegistryTree, known: Mapping[str, Summary], changed: frozenset[str] | None
) -> Mapping[str, Summary]:
    """Summaries of an earlier commit brought to a tree; `changed` are names, None for all that are known."""
    names = sorted(known.keys() if changed is None else changed)
    downloads, ratings = load_numbers(tree)
    fresh = {
        line.name: public(summarise(line, downloads.get(line.name, 0), ratings.get(line.name)))
        for line in load_latest(tree, names)
    }
    kept = {name: entry for name, entry in known.items() if name not in set(names)}
    return dict(sorted({**kept, **fresh}.items()))


def changed_names(repository: Repository, old: str, new: str) -> frozenset[str] | None:
    """The workflows whose files differ between two commits; None where their numbers do, so that all may."""
    changed = {change.path for change in changes_between(repository, old, new)}
    if changed & _NUMBERS:
        return None
    below = f"{paths.WORKFLOWS}/"
    return frozenset(
        path.split("/")[2] for path in changed if path.startswith(below) and path.count("/") > 2
    )
