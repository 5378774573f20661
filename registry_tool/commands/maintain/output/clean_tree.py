"""Whether a registry's folder holds exactly what its commit does, by what git remembers of the files.

Nothing that the clone's configuration names is started: files are compared by their times and sizes alone, so that
one that was only touched counts as changed.
"""

from __future__ import annotations

from pathlib import Path

from registry_tool.core.errors import MissingToolError, NotFoundError
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository

_FOLDER = "registry"


def commit_of(root: Path) -> tuple[Repository, str] | None:
    """The clone and the commit that a registry's folder shows as it is; None where it is edited, or no clone."""
    try:
        repository = Repository(root)
        commit = repository.find("HEAD")
        top = repository.work_tree
        if not commit or not top or not top.samefile(root) or repository.is_cut_off:
            return None
        return (repository, commit) if _is_clean(repository, root, commit) else None
    except (MissingToolError, NotFoundError, GitError):
        return None


def _is_clean(repository: Repository, root: Path, commit: str) -> bool:
    work_tree = f"--work-tree={root.resolve()}"
    questions = (
        ("diff-index", "--cached", "--name-only", "--no-renames", "-z", commit, "--", _FOLDER),
        (work_tree, "diff-files", "--name-only", "-z", "--", _FOLDER),
        (work_tree, "ls-files", "--others", "-z", "--", str(root.resolve() / _FOLDER)),
    )
    if any(repository.run(*words) for words in questions):
        return False
    listed = repository.run(work_tree, "ls-files", "-v", "-z", "--", str(root.resolve() / _FOLDER))
    return all(entry[:2] == b"H " for entry in listed.split(b"\0") if entry)
