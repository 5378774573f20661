"""When a line's history first had the bytes that a version holds."""

from __future__ import annotations

from datetime import datetime

from registry_tool.core.errors import MissingToolError
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError


def first_brought(tree: GitTree, name: str, version: str, path: str) -> str:
    """When the first commit that brought these bytes to a workflow's versions was made (RFC 3339).

    `tree` is a commit's, `path` is inside the version. A version that takes a file over from the one before has it
    since that one. Empty where git can't tell: a shallow clone, a file that no commit brought.
    """
    try:
        repository = tree.repository
        if repository.is_cut_off:
            return ""
        wanted = tree.object_id(f"{paths.version_dir(name, version)}/{path}")
        places = (
            f"{paths.version_dir(name, other)}/{path}"
            for other in tree.folders(paths.workflow_dir(name))
        )
        same = [place for place in places if wanted and tree.object_id(place) == wanted]
        if not same:
            return ""
        stop = ("--max-count=1",) if len(same) == 1 else ()  # a version's files are brought once
        words = ("log", "--format=%cI", *stop, repository.object_name(tree.tree), "--", *same)
        dates = repository.text(*words).splitlines()
        return min(dates, key=datetime.fromisoformat, default="")
    except (GitError, MissingToolError):
        return ""
