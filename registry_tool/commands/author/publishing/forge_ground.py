"""A registry on a forge as what a candidate is judged on, without a clone: only what is asked for is read."""

from __future__ import annotations

from typing import Final

from registry_tool.catalogue.load import load_settings
from registry_tool.commands.author.base_registry import BaseRegistry
from registry_tool.commands.review.check import NotChecked
from registry_tool.core.errors import NotFoundError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.tree import GitHubTree
from registry_tool.store.overlay_tree import EmptyTree

_OTHERS: Final = NotChecked(
    (),
    "names of other workflows that look alike, and tests of workflows that depend on this one",
    "the check of the pull request looks at them",
)


def forge_ground(github: GitHub, branch: str) -> tuple[BaseRegistry, str]:
    """The registry as a branch has it now, and the branch's commit."""
    commit = github.objects.tip(branch)
    if not commit:
        raise NotFoundError(f"there is no branch {branch}", location=github.repository)
    tree = GitHubTree(github.http, github.repository, commit)
    return BaseRegistry(tree, load_settings(tree), unknown=(_OTHERS,), indexes=EmptyTree()), commit
