"""A branch as a little database: read its files, write several at once, never lose a rival's write."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.retry import Backoff, Jitter
from registry_tool.store.checkouts import checkouts, update_checkout
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.errors import GitError
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.repository import Repository
from registry_tool.store.stale_locks import LockWatch

FETCHED = "refs/registry-tool"
"""Below it, by remote and branch, stands what was fetched last; nobody else moves these refs."""

Write = Callable[[GitTree], Mapping[str, bytes | None] | str]
"""From the branch's present files to what shall change; called again where a rival was faster.

It may give the id of a tree that takes the place of all files.
"""


class WriteRetryPolicy(Record, frozen=True):
    """How often to try and how long to wait between, in seconds."""

    attempts: int = 30
    longest: float = 2.0
    sleep: Callable[[float], None] = time.sleep
    jitter: Jitter = random.uniform

    def pause(self, attempt: int) -> None:
        """Wait before the next attempt, longer after each."""
        self.sleep(Backoff(0.05, self.longest).wait(attempt + 1, self.jitter))


class Branch:
    """One branch of a repository or, where `remote` is named, of that remote.

    With `alone` it is always one commit without parents: what is taken out of it stands in no history.
    """

    def __init__(
        self, repository: Repository, name: str, remote: str = "", *, alone: bool = False
    ) -> None:
        self.repository = repository
        self.alone = alone
        self.name = name
        self.remote = remote
        self._ref = f"refs/heads/{name}"
        self._written = ""
        self._local = f"{FETCHED}/{remote}/{name}" if remote else self._ref

    def tip(self) -> str:
        """The branch's commit, empty where there is no such branch."""
        return self.current()

    def current(self, waiting: WriteRetryPolicy | None = None) -> str:
        """The branch's commit now, empty where there is none; `GitError` where a remote can't be read."""
        if not self.remote:
            return self.repository.find(self._ref)
        wait, lock = waiting or WriteRetryPolicy(), self._lock()
        for attempt in range(wait.attempts):
            try:
                return self.repository.fetch(self.remote, self._ref, self._local)
            except GitError as error:  # another process of this clone fetches the same
                if "cannot lock ref" not in error.stderr or attempt == wait.attempts - 1:
                    raise
            lock.clear()
            wait.pause(attempt)
        raise AssertionError  # the last attempt returns or raises

    def files(self) -> GitTree:
        """The branch's files now."""
        return GitTree(self.repository, self.tip() or EMPTY_TREE)

    def write(
        self,
        write: Write,
        message: str,
        who: Identity,
        waiting: WriteRetryPolicy | None = None,
        *,
        trusting: bool = False,
    ) -> str:
        """One commit with what `write` wants on top of whatever the branch holds by then; its id.

        Where it wants nothing, nothing is written. `trusting` saves a look at a remote: it begins with what this
        very object wrote last, and looks only where a rival has written since.
        """
        wait, lock = waiting or WriteRetryPolicy(), self._lock()
        for attempt in range(wait.attempts):
            old = (trusting and attempt == 0 and self._written) or self.current(wait)
            wanted = write(GitTree(self.repository, old or EMPTY_TREE))
            if not wanted:
                return old
            base, changes = (wanted, {}) if isinstance(wanted, str) else (old or EMPTY_TREE, wanted)
            parents = [old] if old and not self.alone else []
            new = self.repository.commit_with(base, changes, parents, message, who)
            if self._swap(new, old):
                self._written = new
                return new
            lock.clear()
            wait.pause(attempt)
        raise RegistryError(
            f"others kept writing to the branch {self.name}; gave up after {wait.attempts} attempts",
            location=self.remote or self.repository.location,
            hint=f"try again; where nobody writes, a killed git left {self._ref}.lock there",
        )

    def remove(self) -> bool:
        """Delete the branch as it is now; False where there is none or a rival wrote to it meanwhile."""
        old = self.current()
        if not old:
            return False
        if self.remote:
            gone = self.repository.push(self.remote, "", self._ref, old)
            return gone and self.repository.delete(self._local, old)
        if there := checkouts(self.repository, self._ref, old):
            raise RegistryError(
                f"the branch {self.name} is checked out and can't be removed",
                location=str(there[0].folder),
                hint="switch to another branch there, and try again",
            )
        return self.repository.delete(self._ref, old)

    def _lock(self) -> LockWatch:
        return LockWatch(self.repository.git_dir / f"{self._local}.lock")

    def _swap(self, new: str, old: str) -> bool:
        if self.remote:
            return self.repository.push(self.remote, new, self._ref, old)
        there = checkouts(self.repository, self._ref, old)
        if not self.repository.move(self._ref, new, old, log=not self.alone):
            return False
        update_checkout(there, old, new)
        return True
