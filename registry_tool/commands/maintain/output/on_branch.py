"""The output that is on a branch: its files, and what it says of itself."""

from __future__ import annotations

from registry_tool.commands.maintain.build_mark import Mark, read_mark
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.output_folder import MARK
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.objects import EMPTY_TREE


def read_from(tree: GitTree, path: str) -> bytes | None:
    """A file of the output in a commit."""
    try:
        return tree.read(path)
    except NotFoundError:
        return None


def demand_branch(tree: GitTree, registry: str, name: str) -> Mark | None:
    """The mark of the output that a branch's files are, None where there are none.

    `UsageError` where they are something else: nothing is written then.
    """
    if tree.tree == EMPTY_TREE:
        return None
    data = read_from(tree, MARK)
    mark = read_mark(data)
    if data is None or (mark is not None and mark.registry != registry):
        of = f"the output of {mark.registry[:80]!r}" if mark else "something else than an output"
        raise UsageError(
            f"the branch holds {of}; nothing was written",
            location=name,
            hint="name a branch that is new, such as site",
        )
    return mark
