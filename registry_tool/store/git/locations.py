"""Where a repository's parts stand; remembered for as long as its `.git` stays in place.

GitPython finds them, but for an ordinary clone: importing it takes longer than most commands.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from registry_tool.core.errors import MissingToolError, NotFoundError
from registry_tool.core.records import Record
from registry_tool.store.git.environment import without_repository_variables

_MOST: Final = 256
_KNOWN: Final[dict[tuple[str, int, int], RepositoryPaths]] = {}


class RepositoryPaths(Record, frozen=True):
    """A repository's own git folder, the one that its worktrees share, and its work tree (None: bare)."""

    own: Path
    common: Path
    work_tree: Path | None


def places_of(folder: Path) -> RepositoryPaths:
    """The parts of the repository around a folder; `NotFoundError` where there is none."""
    key = _mark(folder)
    if key is not None and key in _KNOWN:
        return _KNOWN[key]
    found = _ordinary(folder) or _bare(folder) or _look(folder)
    if key is not None:
        if len(_KNOWN) >= _MOST:
            _KNOWN.clear()
        _KNOWN[key] = found
    return found


def _mark(folder: Path) -> tuple[str, int, int] | None:
    """What tells a clone's `.git` folder from another one at its place; None for other kinds of repository."""
    try:
        git_dir = folder.absolute() / ".git"
        found = git_dir.lstat()
        return (str(git_dir), found.st_dev, found.st_ino) if (git_dir / "HEAD").is_file() else None
    except OSError:
        return None


def _ordinary(folder: Path) -> RepositoryPaths | None:
    """The parts of a clone with its `.git` folder in this very one, and settings that move nothing; else None."""
    work_tree = Path(os.path.normpath(folder.absolute()))
    own = work_tree / ".git"
    try:
        settings = (own / "config").read_bytes()
    except OSError:
        return None
    parts = (own / "HEAD").is_file() and (own / "objects").is_dir() and (own / "refs").is_dir()
    if not parts or (own / "commondir").exists() or _MOVES.search(settings):
        return None
    return RepositoryPaths(own, own, work_tree) if shutil.which("git") else None


def _bare(folder: Path) -> RepositoryPaths | None:
    """A bare repository in this very folder, with settings that move nothing; else None."""
    own = Path(os.path.normpath(folder.absolute()))
    try:
        settings = (own / "config").read_bytes()
    except OSError:
        return None
    parts = (own / "HEAD").is_file() and (own / "objects").is_dir() and (own / "refs").is_dir()
    if not parts or (own / "commondir").exists() or own.name == ".git":
        return None
    if not _IS_BARE.search(settings) or _MOVES.search(_IS_BARE.sub(b"", settings, count=1)):
        return None
    return RepositoryPaths(own, own, None) if shutil.which("git") else None


_IS_BARE: Final = re.compile(rb"(?im)^[ \t]*bare[ \t]*=[ \t]*true[ \t\r]*$")
_MOVES: Final = re.compile(
    rb"(?im)(?:^|\])[ \t]*(?:worktree|bare\b(?![ \t]*=[ \t]*false[ \t\r]*$)|\[[ \t]*include)"
)
"""A setting that puts the work tree elsewhere, or may; git-config(1)."""


def _look(folder: Path) -> RepositoryPaths:
    try:
        import git
    except ImportError as error:  # GitPython fails at import where there is no git
        raise MissingToolError(
            "git is not installed, or not on the PATH" + _cause(error),
            hint="install git 2.38 or newer (apt-get install git, brew install git, https://git-scm.com)",
        ) from None
    try:
        with without_repository_variables():
            found = git.Repo(folder, search_parent_directories=True)
    except (git.InvalidGitRepositoryError, git.NoSuchPathError):
        raise NotFoundError(
            "this is not a git repository",
            location=str(folder),
            hint="run it in a clone of the registry, or start one with `git init`",
        ) from None
    work_tree = Path(found.working_tree_dir) if found.working_tree_dir else None
    found.close()
    return RepositoryPaths(Path(found.git_dir), Path(found.common_dir), work_tree)


def _cause(error: ImportError) -> str:
    """What GitPython says, where it isn't its long advice on a missing program."""
    first = str(error).strip().partition("\n")[0]
    return "" if "Bad git executable" in str(error) else f": {first[:200]}"
