"""In which environment git runs: with the tool's own configuration where it judges, the user's where it pushes.

A clone's `.git/config` and the environment can name programs that git starts: hooks, file system monitors, merge
drivers, converters, signature programs, transports of lazy fetches. None of them runs where git is asked to judge.
Commands that only read and write objects never see the clone's configuration: they run in a git folder made for
them, which borrows the clone's objects. Those that need its refs or its index run with everything turned off that
a configuration could start. See git(1), git-config(1), gitattributes(5).
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_QUIET: Final = ("-c", "core.quotePath=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false")
_HOOKS: Final = ("-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")

OWN_SETTINGS: Final = (
    *_QUIET,
    *_HOOKS,
    *("-c", f"core.attributesFile={os.devnull}"),
    *("-c", "core.alternateRefsCommand="),
    *("-c", "credential.helper="),
    *("-c", "diff.external="),
    *("-c", "log.showSignature=false"),
    *("-c", "protocol.allow=never"),
)
"""On top of the clone's own configuration, where a command needs the clone's refs or index."""

USERS_SETTINGS: Final = (*_QUIET, *_HOOKS, "-c", "protocol.ext.allow=never")
"""For commands that talk to a remote: the user's configuration holds (credentials, proxies, SSH)."""

ON_OBJECTS: Final = frozenset(
    {
        *("cat-file", "diff-tree", "hash-object", "log", "merge-base", "merge-tree"),
        *("read-tree", "show", "write-tree"),
    }
)
"""Commands that need nothing of a clone but its objects: they are given ids, never names of refs."""

_FIXED: Final = {
    "GIT_ALLOW_PROTOCOL": "",  # no transport at all, so no lazy fetch either, in whatever version of git
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": f"{os.devnull}/none",  # a file that is there, even an empty one, is warned of
    "GIT_NO_LAZY_FETCH": "1",  # git 2.44 and newer
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_PLACES: Final = (
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"),
    *("GIT_CEILING_DIRECTORIES", "GIT_NAMESPACE"),
)
_PLACES_LOCK: Final = threading.Lock()
_LANGUAGE: Final = {"LANGUAGE": "C", "LC_ALL": "C"}
_USERS: Final = (
    "GIT_CONFIG",
    "GIT_SSH",
    "GIT_ASKPASS",
    "GIT_TERMINAL_PROMPT",
    "GIT_TRACE",
    "GIT_HTTP",
)
_USERS_MORE: Final = ("GIT_PROXY", "GIT_CURL", "GIT_AUTHOR", "GIT_COMMITTER", "GIT_ALLOW_PROTOCOL")


def own_environment(git_dir: Path) -> dict[str, str]:
    """For commands on a clone's refs and index: no `GIT_…` of the caller, no user's or system's files."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return {**plain, **_LANGUAGE, **_FIXED, "GIT_DIR": str(git_dir)}


def users_environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """For commands that talk to a remote: as the user would, wherever a hook or another git stands right now."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("GIT_") or key.startswith((*_USERS, *_USERS_MORE))
    }
    return {**kept, **_LANGUAGE, **(more or {})}


@contextmanager
def without_repository_variables() -> Iterator[None]:
    """For GitPython, which looks there: without what the caller's environment says of a repository's parts.

    A hook's process has such words, for a repository that need not be the one asked for. They are put back.
    """
    with _PLACES_LOCK:
        aside = {key: os.environ.pop(key) for key in _PLACES if key in os.environ}
        try:
            yield
        finally:
            os.environ.update(aside)


class BorrowedObjects:
    """A git folder with a configuration of its own that borrows a clone's objects; it goes with its owner."""

    def __init__(self, common_dir: Path) -> None:
        self.git_dir = Path(tempfile.mkdtemp(prefix="registry-git-"))
        weakref.finalize(self, _drop, self.git_dir, os.getpid())
        for name in ("objects", "refs"):
            (self.git_dir / name).mkdir()
        (self.git_dir / "HEAD").write_text("ref: refs/heads/none\n", "utf-8")
        self.is_sha256 = is_sha256(common_dir)
        (self.git_dir / "config").write_text(_SHA256 if self.is_sha256 else _PLAIN, "utf-8")
        self.environment = {
            **own_environment(self.git_dir),
            "GIT_OBJECT_DIRECTORY": str(common_dir / "objects"),
            "GIT_SHALLOW_FILE": str(common_dir / "shallow"),
        }


def _drop(folder: Path, owner: int) -> None:
    """Remove the folder, but not for a forked child, whose parent still needs it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def is_sha256(common_dir: Path) -> bool:
    """Whether a clone says that its ids are SHA-256; said wrongly, no object is found."""
    try:
        return bool(_OBJECT_FORMAT.search((common_dir / "config").read_bytes()[:_MOST_BYTES]))
    except OSError:
        return False


_MOST_BYTES: Final = 2**20
_OBJECT_FORMAT: Final = re.compile(rb"(?im)^[ \t]*objectformat[ \t]*=[ \t]*\"?sha256\b")
_PLAIN: Final = "[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n"
_SHA256: Final = (
    "[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n[extensions]\n\tobjectFormat = sha256\n"
)
