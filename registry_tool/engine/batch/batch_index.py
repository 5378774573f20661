"""The index of a batch: which line wants which key, and where each result is stored.

It lives in a temporary database with a cache of fixed size, so that a million lines take no more memory than a
hundred. It is made anew from the ledger every time; nothing is lost with it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from registry_tool.engine.batch.ledger import ResultLocation

_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -2048;
CREATE TABLE lines (number INTEGER PRIMARY KEY, key BLOB, label TEXT, reason TEXT);
CREATE TABLE results (
  key BLOB PRIMARY KEY, failed INTEGER, stale INTEGER, segment INTEGER, start INTEGER, size INTEGER
) WITHOUT ROWID;
BEGIN;
"""
# A success stays; of failures the later one counts.
_KEEP = """
INSERT INTO results VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
  failed = excluded.failed, stale = excluded.stale, segment = excluded.segment,
  start = excluded.start, size = excluded.size
WHERE results.failed
"""
_ALL = """
SELECT number, label, reason, lines.key, failed, segment, start, size
FROM lines LEFT JOIN results ON lines.key = results.key ORDER BY number
"""


_TOGETHER = 512  # rows that are written at once


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A line of the input, why it was refused (or empty), and its result, None where there is none yet."""

    line: int
    label: str
    reason: str
    key: str
    location: ResultLocation | None


class BatchIndex:
    """Lines and results."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)  # a temporary file of its own
        self._base.executescript(_TABLES)
        self._known = _Known()
        self._lines: list[tuple[int, bytes, str, str]] = []
        self._fresh: dict[bytes, tuple[object, ...]] = {}

    def close(self) -> None:
        """The database is gone."""
        self._base.close()

    def load(self, locations: Iterable[ResultLocation], *, retry_failed: bool) -> None:
        """Results of earlier times; with `retry_failed`, failures don't count as results."""
        rows = ((*self._known.row(p), retry_failed and p.failed) for p in locations)
        self._base.executemany(_KEEP, ((k, f, stale, g, a, n) for k, f, g, a, n, stale in rows))

    def keep(self, location: ResultLocation) -> None:
        """A result of now."""
        key, failed, segment, start, size = self._known.row(location)
        self._fresh[key] = (key, failed, False, segment, start, size)
        if len(self._fresh) >= _TOGETHER:
            self._flush()

    def has(self, key: str) -> bool:
        """Whether a key needs no run."""
        wanted = bytes.fromhex(key)
        if wanted not in self._known:
            return False
        if wanted in self._fresh:
            return True
        query = "SELECT 1 FROM results WHERE key = ? AND NOT stale"
        return self._base.execute(query, (wanted,)).fetchone() is not None

    def enter(self, line: int, key: str, label: str, reason: str = "") -> None:
        """A line of the input; `reason` says why it was refused."""
        self._lines.append((line, bytes.fromhex(key), label, reason))
        if len(self._lines) >= _TOGETHER:
            self._flush()

    def _flush(self) -> None:
        self._base.executemany("INSERT INTO lines VALUES (?, ?, ?, ?)", self._lines)
        self._base.executemany(_KEEP, self._fresh.values())
        self._lines.clear()
        self._fresh.clear()

    def entries(self) -> Iterator[BatchLine]:
        """Every line with its result, in the input's order."""
        self._flush()
        for number, label, reason, key, failed, segment, start, size in self._base.execute(_ALL):
            hexed = key.hex()
            known = segment is not None and not reason
            location = ResultLocation(hexed, bool(failed), segment, start, size) if known else None
            yield BatchLine(number, label, reason, hexed, location)


class _Known:
    """Which keys may have a result: a Bloom filter (Bloom 1970, https://doi.org/10.1145/362686.362692).

    Most lines of a batch are new, and a look into the database costs more than the rest of an item's books. Keys
    are hashes, so their own bytes serve as hash functions. With a million keys, 3 of 100 looks are for nothing.
    """

    def __init__(self) -> None:
        self._bits = bytearray(2**20)

    def row(self, location: ResultLocation) -> tuple[bytes, bool, int, int, int]:
        """A place as its row; its key is known from now on."""
        key = bytes.fromhex(location.key)
        for byte, bit in _spots(key):
            self._bits[byte] |= bit
        return key, location.failed, location.segment, location.start, location.size

    def __contains__(self, key: bytes) -> bool:
        return all(self._bits[byte] & bit for byte, bit in _spots(key))


def _spots(key: bytes) -> Iterator[tuple[int, int]]:
    """Four bits of 2**20 bytes."""
    for start in (0, 3, 6, 9):
        number = int.from_bytes(key[start : start + 3], "big")
        yield number & 0xFFFFF, 1 << (number >> 20 & 7)
