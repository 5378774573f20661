"""`registry-tool check-pr`: judges the result of merging a branch, from git's objects alone.

The cost is that of the difference: only touched versions are read, and of others just those that they require or
that require them. Nothing is checked out, and what is run (recorded tests) is run in a confined process.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from registry_tool.catalogue.index_branch import indexes_tree
from registry_tool.catalogue.load import load_settings
from registry_tool.commands.review.acceptance import (
    NOTHING_ACCEPTED,
    Acceptance,
)
from registry_tool.commands.review.pr_result import MergeSides, PrResult
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.commands.review.version_judge import ONLY_THE_TREES, judge_trees
from registry_tool.core.errors import RegistryError
from registry_tool.rules.all_rules import (
    judge_changes,
)
from registry_tool.rules.change_set import Actor, ChangeSet
from registry_tool.store.changes import changes_between, merged
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository
from registry_tool.store.tree_flaws import TreeFlaw, tree_flaws


class MergeConflictError(RegistryError):
    """Git can't merge the branch."""


def check_pr(
    folder: Path,
    base: str,
    head: str = "HEAD",
    *,
    actor: Actor | None = None,
    acceptance: Acceptance = NOTHING_ACCEPTED,
) -> PrResult:
    """Judge merging `head` into `base`; `RegistryError` where git can't merge them."""
    scope = Scope(confined=True, planting=True)
    return check_merge(
        Repository(folder), base, head, actor=actor, acceptance=acceptance, scope=scope
    )


def check_merge(  # noqa: PLR0913 - two sides, who asks, what is accepted, how far
    repository: Repository,
    base: str,
    head: str,
    *,
    actor: Actor | None = None,
    acceptance: Acceptance = NOTHING_ACCEPTED,
    scope: Scope | None = None,
) -> PrResult:
    """Judge merging `head` into `base` in an open repository, whose `calls` tell the cost."""
    base_commit, head_commit = repository.commit(base), repository.commit(head)
    try:
        merge = merged(repository, base_commit, head_commit)
    except GitError:
        if flaws := tree_flaws(repository, base_commit, head_commit):
            return _flawed(flaws, actor)
        raise
    if merge.conflicts or not merge.tree:
        raise MergeConflictError(
            f"the branch conflicts with {base} in {', '.join(merge.conflicts[:5]) or 'some files'}",
            location=repository.location,
            hint=f"merge {base} into it, or start again from there",
        )
    if flaws := tree_flaws(repository, base_commit, merge.tree):
        return _flawed(flaws, actor)
    before, after = GitTree(repository, base_commit), GitTree(repository, merge.tree)
    changes = changes_between(repository, base_commit, merge.tree)
    wide = replace(scope or Scope(), indexes=indexes_tree(repository, before))
    if wide.confined:
        wide = replace(wide, sides=(repository.location, base_commit, merge.tree))
    settings = load_settings(before)
    result = judge_trees(before, after, changes, settings, actor, acceptance, wide)
    return replace(result, sides=MergeSides(merge.tree, head_commit, base_commit))


def _flawed(flaws: tuple[TreeFlaw, ...], actor: Actor | None) -> PrResult:
    """Trees that two readers may read differently: nothing else of them is believed, so nothing else is judged."""
    return PrResult(
        judge_changes(ChangeSet((), actor=actor, flaws=flaws)), 0, not_checked=(ONLY_THE_TREES,)
    )
