"""Documents by their vectors, in sqlite-vec (extra `search`): in memory for a run, or in a file that stays.

Python's own sqlite3 often can't load extensions, so APSW brings the database.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Value
from registry_tool.engine.providers.embeddings.base import Embedder
from registry_tool.manifest.template import as_text

MOST = 4096
"""Documents that one search gives, a bound of sqlite-vec."""
# One table for each length of vectors.
_INSERT = "INSERT INTO vectors_{size} (rowid, collection, vector) VALUES (?, ?, ?)"
_NEAREST = """
SELECT content, distance FROM vectors_{size} JOIN documents ON id = vectors_{size}.rowid
WHERE vector MATCH ? AND k = ? AND vectors_{size}.collection = ? ORDER BY distance, id
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document and its cosine to the query."""

    document: Value
    score: float


class VectorIndex:
    """Collections of documents; each has the vectors of one embedder. `path` None: in memory."""

    def __init__(self, embedder: Embedder, path: Path | None = None) -> None:
        for module in ("apsw", "sqlite_vec"):
            if find_spec(module) is None:
                raise MissingToolError(
                    "vector search is not installed",
                    hint="pip install 'puppyai-workflow-registry[search]'",
                )
        import apsw
        import sqlite_vec

        self._embedder = embedder
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._base: Any = apsw.Connection(str(path or ":memory:"))  # rows are tuples of anything
        self._base.set_busy_timeout(10_000)
        self._base.enable_load_extension(True)
        self._base.load_extension(sqlite_vec.loadable_path())
        self._base.enable_load_extension(False)
        self._base.execute(
            "CREATE TABLE IF NOT EXISTS documents (id INTEGER PRIMARY KEY, collection TEXT, key TEXT,"
            " content TEXT, UNIQUE (collection, key))"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._base.close()

    async def add(
        self, collection: str, documents: Sequence[Value], take: Callable[[int], None] | None = None
    ) -> int:
        """Keep documents; those that are there already are not embedded again. How many were new.

        `take` gets the number of bytes that the base grew by, and refuses that by raising: then nothing was kept.
        """
        named = self._name(collection)
        new = {key: doc for doc in documents if (key := _key(doc)) and not self._has(named, key)}
        vectors = await self._embedder.embed([text_of(doc) for doc in new.values()]) if new else []
        before = self._size()
        with self._base:
            for (key, document), vector in zip(new.items(), vectors, strict=True):
                self._table(len(vector))
                self._base.execute(
                    "INSERT INTO documents (collection, key, content) VALUES (?, ?, ?)",
                    (named, key, json.dumps(document, ensure_ascii=False)),
                )
                self._base.execute(
                    _INSERT.format(size=len(vector)),
                    (self._base.last_insert_rowid(), named, _packed(vector)),
                )
            if take and (grown := self._size() - before) > 0:
                take(grown)
        return len(new)

    def _size(self) -> int:
        """Bytes of the base, in an open transaction those that it will have."""
        pages, size = (self._base.pragma(name) for name in ("page_count", "page_size"))
        return int(pages) * int(size)

    async def search(self, collection: str, query: str, count: int) -> list[Hit]:
        """At most `count` documents (and never more than 4,096), the nearest first."""
        (vector,) = await self._embedder.embed([query])
        self._table(len(vector))
        rows = self._base.execute(
            _NEAREST.format(size=len(vector)),
            (_packed(vector), min(count, MOST), self._name(collection)),
        )
        return [Hit(json.loads(content), 1 - distance) for content, distance in rows]

    def _name(self, collection: str) -> str:
        """Vectors of two models are never compared."""
        return f"{self._embedder.name}\n{collection}"

    def _has(self, named: str, key: str) -> bool:
        query = "SELECT 1 FROM documents WHERE collection = ? AND key = ?"
        return self._base.execute(query, (named, key)).fetchone() is not None

    def _table(self, size: int) -> None:
        self._base.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS vectors_{size} USING vec0("
            f"collection TEXT PARTITION KEY, vector FLOAT[{size}] distance_metric=cosine)"
        )


def text_of(document: Value) -> str:
    """What of a document is compared: its text, or of an object the part that holds it."""
    if isinstance(document, dict):
        metadata = document.get("metadata")
        inner = metadata.get("retrieval_content") if isinstance(metadata, dict) else None
        for held in (inner, document.get("content"), document.get("text")):
            if isinstance(held, str) and held:
                return held
    return as_text(document)


def _key(document: Value) -> str:
    data = json.dumps(document, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    return hashlib.sha256(data).hexdigest()


def _packed(vector: Sequence[float]) -> bytes:
    import sqlite_vec

    packed: bytes = sqlite_vec.serialize_float32(vector)
    return packed
