"""The registry as a server sees it: always the newest commit of its branch, and never a half of two."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

from registry_tool.commands.live.snapshot import Snapshot
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git.repository import Repository

LOOK_HERE: Final = 0.5
"""Seconds between two looks at a branch in the repository itself: one file is read."""
LOOK_THERE: Final = 15.0
"""Seconds between two looks at a remote's branch, which is asked over the network."""
_LOG = logging.getLogger(__name__)


class LiveRegistry:
    """A branch of the repository at `root`, or of its remote, looked at `every` so many seconds (0: as suits it).

    `ticks` are seconds of a clock that never goes back.

    `NotFoundError` where there is no registry on the branch.
    """

    def __init__(
        self,
        root: Path,
        branch: str = "main",
        remote: str = "",
        every: float = 0,
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self.root = root
        self.branch = Branch(Repository(root), branch, remote)
        self._ticks = ticks
        self._lock = Lock()
        self._every = every or (LOOK_THERE if remote else LOOK_HERE)
        tip = self.branch.tip()
        if not tip:
            raise NotFoundError(
                f"there is no branch {branch}",
                location=remote or str(root),
                hint="name the registry's own with --branch",
            )
        self._snapshot = Snapshot(self.branch.repository, tip)
        if not self._snapshot.tree.has(paths.REGISTRY_FILE):
            raise NotFoundError(
                f"the branch {branch} holds no {paths.REGISTRY_FILE}",
                location=str(root),
                hint="`registry-tool new DIR` makes a registry",
            )
        self._looked = ticks()

    def snapshot(self) -> Snapshot:
        """What the branch shows now, at most the seconds of a look late; while one looks, others see the last."""
        if self._ticks() - self._looked >= self._every and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._snapshot

    @property
    def every(self) -> float:
        """Seconds between two looks."""
        return self._every

    def fresh(self) -> Snapshot | None:
        """What the branch showed at the last look, where that is not too long ago: nothing is read for it."""
        return self._snapshot if self._ticks() - self._looked < self._every else None

    def refresh(self) -> Snapshot:
        """Look now: somebody says that the branch has moved."""
        with self._lock:
            self._look()
        return self._snapshot

    def _look(self) -> None:
        """Where it can't be seen (a remote that is away), the last commit stays, and the log says it."""
        try:
            tip = self.branch.tip()
            if tip and tip != self._snapshot.commit:
                found = Snapshot(self.branch.repository, tip, self._snapshot)
                found.settings  # noqa: B018 - read here, by whoever looks
                self._snapshot = found
        except RegistryError as error:
            _LOG.warning("the registry's branch could not be read: %s", error)
        self._looked = self._ticks()
