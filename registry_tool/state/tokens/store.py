"""The branch `access`: API keys and sessions, read when they are asked for, written by compare-and-swap."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from threading import RLock
from typing import Final, TypeVar

from registry_tool.core.codec import FileFormat
from registry_tool.core.errors import RegistryError
from registry_tool.security.keys import KeyRing
from registry_tool.security.signing import signed, verify
from registry_tool.state.branches import StateLocation, state_branch, writer
from registry_tool.state.tokens.records import (
    API_KEYS,
    KEY_FILE,
    SESSION_FILE,
    SESSIONS,
    LoginSession,
    StoredApiKey,
    key_path,
    session_path,
)
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree

T = TypeVar("T", StoredApiKey, LoginSession)
LOOK_THERE: Final = 15.0
"""Seconds between two looks at a remote: so long may a token count here that was revoked on another machine."""
Changes = Mapping[str, bytes | None]


class AccessStore:
    """The records of a registry's tokens; `ring` signs them, and a record that it didn't sign counts for nothing.

    Several threads may ask it. A branch in the repository itself is looked at each time.
    """

    def __init__(
        self, location: StateLocation, ring: KeyRing, ticks: Callable[[], float] = time.monotonic
    ) -> None:
        self._location, self.ring, self._ticks = location, ring, ticks
        self._branch = state_branch(location, paths.ACCESS_BRANCH)
        self._lock = RLock()
        self._tree: GitTree | None = None
        self._tip, self._looked = "", 0.0

    def key(self, key_id: str) -> StoredApiKey | None:
        """An API key's record; None where there is none that counts."""
        return self._read(KEY_FILE, key_path(key_id))

    def session(self, session_id: str) -> LoginSession | None:
        """A session's record; None where there is none that counts."""
        return self._read(SESSION_FILE, session_path(session_id))

    def api_keys(self) -> Iterator[StoredApiKey]:
        """Every API key; the place's notes tell of records that don't count."""
        yield from self._all(KEY_FILE, API_KEYS)

    def sessions(self) -> Iterator[LoginSession]:
        """Every session."""
        yield from self._all(SESSION_FILE, SESSIONS)

    def write(self, change: Callable[[GitTree], Changes], message: str) -> None:
        """Write what `change` wants of the branch as it is then; it is asked again where a rival was faster."""
        self._branch.write(change, message, writer(self._location))
        with self._lock:
            self._tree = None

    def key_bytes(self, key: StoredApiKey) -> bytes:
        """An API key's file, signed."""
        return KEY_FILE.to_bytes(signed(KEY_FILE, key, self.ring))

    def session_bytes(self, session: LoginSession) -> bytes:
        """A session's file, signed."""
        return SESSION_FILE.to_bytes(signed(SESSION_FILE, session, self.ring))

    def read_in(self, tree: GitTree, form: FileFormat[T], path: str) -> T | None:
        """A record in one tree of the branch; None where there is none that counts."""
        if not tree.has(path):
            return None
        try:
            found = form.read(tree.read(path), f"{paths.ACCESS_BRANCH}:{path}")
        except RegistryError as error:
            self._location.notes.warn(str(error))
            return None
        if path.rpartition("/")[2] != f"{found.id}.json" or not verify(
            form.value(found), found.signature, self.ring.public
        ):
            self._location.notes.warn(
                f"{path} isn't signed by the registry's key and counts for nothing"
            )
            return None
        return found

    def _read(self, form: FileFormat[T], path: str) -> T | None:
        with self._lock:
            return self.read_in(self._now(), form, path)

    def _all(self, form: FileFormat[T], folder: str) -> Iterator[T]:
        tree = self._now()
        for file in tree.files(folder):
            if found := self.read_in(tree, form, file.path):
                yield found

    def _now(self) -> GitTree:
        """The branch's files, at most the seconds of a look late."""
        with self._lock:
            late = self._ticks() - self._looked >= (LOOK_THERE if self._branch.remote else 0.0)
            if self._tree is None or late:
                tip = self._branch.tip()
                if self._tree is None or tip != self._tip:
                    self._tree = (
                        self._branch.files() if not tip else GitTree(self._branch.repository, tip)
                    )
                    self._tip = tip
                self._looked = self._ticks()
            return self._tree
