"""A remote's branch without its blobs: each is brought when it is read, and no other ever is.

For branches that are too large to be fetched whole. The objects lie in a bare repository of their own, a promisor
of that remote (gitpartial-clone(5)), below the clone's git folder: the clone itself stays whole. It may be removed
at any time. A remote that knows no filters sends everything.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from registry_tool.core.segments import path_segment
from registry_tool.store.git.environment import USERS_SETTINGS, is_sha256, users_environment
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.repository import Repository

FOLDER: Final = "registry-tool"
"""Below a clone's git folder; in it, a folder for each remote."""
_FILTER: Final = "--filter=blob:none"
_CONFIG: Final = """\
[include]
\tpath = ../../config
[core]
\trepositoryFormatVersion = 1
\tbare = true
"""
_CUT_OFF: Final = "no-shallow-commits"
"""An empty list of the commits at which history is cut off. With one, a push looks at what the remote has of the
trees themselves, not only of those of parents (git-pack-objects(1), `--shallow`): a commit that has none would
take everything along that its branch showed before."""
_SHA256: Final = "[extensions]\n\tobjectFormat = sha256\n"


class PartialRepository(Repository):
    """What is fetched of a clone's remote without blobs. Settings are the clone's; errors name it as their place.

    `fetched` counts blobs that were brought, `calls` the processes, as everywhere.
    """

    def __init__(self, whole: Repository, remote: str) -> None:
        folder = whole.git_dir / FOLDER / path_segment(remote)
        if not (folder / "HEAD").is_file():
            _begin(folder, is_sha256=is_sha256(whole.git_dir))
        self.work_tree, self.git_dir, self._own_dir = None, folder, folder
        self.location = whole.location
        self.remote = remote
        self.calls = self.fetched = 0
        self._open = None

    def ask_remote(self, remote: str, *command: str, stdin: bytes | None = None) -> bytes:
        """Run a git command that talks to a remote, with the clone's settings and a job's credentials."""
        environment = users_environment(self._credentials(remote))
        environment["GIT_DIR"] = str(self.git_dir)
        if command[0] == "push":
            command = ("-c", "pack.window=0", *command)  # no differences to blobs that are not here
            environment["GIT_SHALLOW_FILE"] = str(self.git_dir / _CUT_OFF)
        words = ("git", *USERS_SETTINGS, *command)
        return self._execute(words, environment, Path(self.location), stdin, remote)

    def fetch(self, remote: str, ref: str, into: str) -> str:
        """Fetch a ref into a local one, with its trees and no blob; its commit, empty where there is none."""
        words = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", _FILTER)
        try:
            self.ask_remote(remote, *words, remote, f"+{ref}:{into}")
        except GitError as error:
            if "couldn't find remote ref" in error.stderr:
                return ""
            raise
        return self.commit(into)

    def bring(self, object_ids: Iterable[str]) -> None:
        """Fetch those of some blobs that are not here, in one go."""
        reader = self._opened().reader()[0]
        missing = [name for name in dict.fromkeys(object_ids) if reader.size(name) is None]
        if not missing:
            return
        words = ("fetch", "--quiet", "--no-tags", "--no-recurse-submodules", _FILTER)
        more = ("--no-write-fetch-head", "--stdin", self.remote)
        ids = "".join(f"{name}\n" for name in missing).encode()
        settings = ("-c", "fetch.negotiationAlgorithm=noop")
        self.ask_remote(self.remote, *settings, *words, *more, stdin=ids)
        self.fetched += len(missing)

    def objects(self, object_ids: Sequence[str]) -> Iterator[bytes]:
        """The bytes of many objects in their order."""
        self.bring(object_ids)
        return super().objects(object_ids)

    def _read(self, object_id: str) -> tuple[str, bytes]:
        found = self._objects(object_id).read(object_id)
        if found is None:
            self.bring([object_id])
            return super()._read(object_id)
        return found


def _begin(folder: Path, *, is_sha256: bool) -> None:
    """Make the repository, whole or not at all."""
    folder.parent.mkdir(exist_ok=True)
    new = Path(mkdtemp(prefix=".new-", dir=folder.parent))
    for name in ("objects", "refs"):
        (new / name).mkdir()
    (new / "config").write_text(_CONFIG + (_SHA256 if is_sha256 else ""), "utf-8")
    (new / _CUT_OFF).touch()
    (new / "HEAD").write_text("ref: refs/heads/none\n", "utf-8")
    try:
        new.rename(folder)
    except OSError:  # a rival was faster
        shutil.rmtree(new, ignore_errors=True)
        if not (folder / "HEAD").is_file():
            raise
