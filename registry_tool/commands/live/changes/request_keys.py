"""Keys of requests (`Idempotency-Key`): which request each stands for, on the branch `access`, for all servers.

A key is kept for a day at least and two at most. What a request did is found by itself: its version is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from registry_tool.core.clock import Clock
from registry_tool.core.errors import RegistryError
from registry_tool.security.tokens.principal import Principal
from registry_tool.state.tokens.records import REQUEST_FILE, REQUESTS, KeptRequest
from registry_tool.state.tokens.store import AccessStore, Changes
from registry_tool.store.git.commit_tree import GitTree

_MOST_PRUNED: Final = 500


class KeyReusedError(RegistryError):
    """A person's key comes with another request than before."""


@dataclass(frozen=True)
class RequestKeys:
    """Of one registry."""

    store: AccessStore
    clock: Clock

    def demand_same(self, who: Principal, key: str, content: bytes) -> None:
        """`KeyReusedError` where the person has used this key for something else; nothing for no key."""
        if not key:
            return
        name, asked = _hash(f"{who.id}\0{key}".encode()), _hash(content)
        now = self.clock.now()

        def change(tree: GitTree) -> Changes:
            for day in (_day(now), _day(now - timedelta(days=1))):
                if tree.has(path := _path(day, name)):
                    if REQUEST_FILE.read(tree.read(path), path).request != asked:
                        raise KeyReusedError(
                            "Idempotency-Key: it was used for another request",
                            hint="take a fresh key for each request",
                        )
                    return {}
            kept = REQUEST_FILE.to_bytes(KeptRequest(asked))
            return {**dict.fromkeys(_past(tree, now)), _path(_day(now), name): kept}

        self.store.write(change, "Keep the key of a request")


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _path(day: str, name: str) -> str:
    return f"{REQUESTS}/{day}/{name[:2]}/{name}.json"


def _past(tree: GitTree, now: datetime) -> Iterator[str]:
    """Keys of the days before yesterday, some at a time."""
    left = _MOST_PRUNED
    for day in tree.folders(REQUESTS):
        if day < _day(now - timedelta(days=1)):
            for file in tree.files(f"{REQUESTS}/{day}"):
                if not (left := left - 1):
                    return
                yield file.path
