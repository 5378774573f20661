"""Documents as they are sent, kept with the commit that they show; those not asked for longest go first."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from threading import Lock
from typing import Final

MOST_BYTES: Final = 32 * 2**20
LARGEST: Final = 4 * 2**20
"""What is larger is not kept."""
LONGEST_KEY: Final = 1_000
"""Characters. What is asked for by a longer address is not asked for twice."""
_ENTRY: Final = 2_000
"""Bytes that keeping anything takes beside its content: whoever asks for many small ones is bounded, too."""
_SMALL: Final = 1000
_LEVEL: Final = 6

Key = tuple[str, ...]


@dataclass(frozen=True)
class RenderedDocument:
    """The bytes of an answer, and its headers beside those that follow from them.

    `route` is whatever tells the kind of its address.
    """

    content: bytes
    media_type: str
    more: Mapping[str, str] = field(default_factory=dict)
    route: object = None

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """With a tag of the content: a weak one, since a compressed answer has it, too."""
        tag = f'W/"{sha256(self.content).hexdigest()[:32]}"'
        return {"ETag": tag, "Cache-Control": "no-cache", **self.more}

    @cached_property
    def compressed(self) -> bytes:
        """By gzip; empty where that is not worth it."""
        if len(self.content) < _SMALL or self.media_type == "application/zip":
            return b""
        return gzip.compress(self.content, _LEVEL, mtime=0)

    @property
    def size(self) -> int:
        """Bytes in memory, about."""
        headers = sum(len(name) + len(value) for name, value in self.more.items())
        return _ENTRY + headers + len(self.content) + len(self.compressed)


class RenderedDocuments:
    """Of one commit, for those who see the same of it. Several threads may ask it."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._size = most, 0
        self._lock = Lock()
        self._kept: OrderedDict[Key, RenderedDocument] = OrderedDict()

    def get(self, key: Key) -> RenderedDocument | None:
        """What is kept under a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def keep(self, key: Key, document: RenderedDocument) -> None:
        """Keep one, in the place of others where there are too many bytes."""
        if document.size > LARGEST or sum(map(len, key)) > LONGEST_KEY:
            return
        with self._lock:
            if (old := self._kept.pop(key, None)) is not None:
                self._size -= old.size
            self._kept[key] = document
            self._size += document.size
            while self._size > self._most:
                _, gone = self._kept.popitem(last=False)
                self._size -= gone.size
