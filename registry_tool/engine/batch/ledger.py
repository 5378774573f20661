"""The ledger of a batch: results by key, in files that are only ever appended to.

A ledger is a folder of segments. Every process writes a segment of its own, so processes never meet, and ledgers
of several machines become one by copying their segments into one folder. A result is one write of one line: a
process that is killed loses nothing but the line that it was writing; a line that can't be read counts as none.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value

FORMAT: Final = "puppyai.com/ledger/v1"
SEGMENTS: Final = "segment-*.jsonl"
_HEAD: Final = json.dumps({"format": FORMAT}).encode() + b"\n"
_SYNC_SECONDS: Final = 1.0
_MOST_OPEN: Final = 64
_BINARY: Final[int] = getattr(os, "O_BINARY", 0)  # Windows would change line ends


class ResultLocation(Record, frozen=True):
    """Where a result stands: `size` bytes from `start` in a segment, its final newline not counted."""

    key: str
    failed: bool
    segment: int
    start: int
    size: int


def _segment_name(before: int) -> str:
    """A name after `before` others: later ones sort later on any clock, two never have one name."""
    return f"segment-n{before:08d}-{secrets.token_hex(4)}.jsonl"


class Ledger:
    """Reads every segment that was there when it was opened, and appends to one of its own."""

    def __init__(self, folder: Path, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._monotonic = monotonic
        self._segments = segments_of(folder)
        self._open: OrderedDict[int, int] = OrderedDict()
        self._own = -1
        self._number = -1
        self._end = 0
        self._synced = monotonic()
        self.damaged = 0

    def locations(self) -> Iterator[ResultLocation]:
        """Every result that stood in the ledger when it was opened, older segments first."""
        for number, path in enumerate(tuple(self._segments)):
            yield from self._places(number, path)

    def _places(self, number: int, path: Path) -> Iterator[ResultLocation]:
        with path.open("rb") as file:
            start = 0
            for line in file:
                if start == 0:
                    if not _HEAD.startswith(line):  # it may be torn, too
                        raise RegistryError("not a segment of a ledger", location=str(path))
                elif location := _read(line, number, start):
                    yield location
                else:
                    self.damaged += 1
                start += len(line)

    def append(self, key: str, record: Object) -> ResultLocation:
        """Keep a result: `status` and whatever else it holds."""
        data = compact({"key": key, **record})
        try:
            if self._own < 0:
                self._begin()
            self._write(data + b"\n")
            if self._monotonic() - self._synced > _SYNC_SECONDS:
                self._sync()
        except OSError as error:
            raise _unwritable(self._folder, error) from None
        location = ResultLocation(
            key, record["status"] != "success", self._number, self._end, len(data)
        )
        self._end += len(data) + 1
        return location

    def read(self, location: ResultLocation) -> bytes:
        """The line of a result, as JSON."""
        handle = self._handle(location.segment)
        os.lseek(
            handle, location.start, os.SEEK_SET
        )  # what is appended goes to the end all the same
        return os.read(handle, location.size)

    def close(self) -> None:
        """Everything is on the disk."""
        if self._own >= 0:
            self._sync()
            os.close(self._own)
            self._own = -1
        while self._open:
            os.close(self._open.popitem()[1])

    def _begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / _segment_name(len(self._segments))
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _BINARY
        self._own = os.open(path, flags, 0o600)
        self._segments.append(path)
        self._number = len(self._segments) - 1
        self._write(_HEAD)
        self._end = len(_HEAD)

    def _write(self, data: bytes) -> None:
        written = os.write(self._own, data)
        while written < len(data):
            written += os.write(self._own, data[written:])

    def _sync(self) -> None:
        os.fsync(self._own)
        self._synced = self._monotonic()

    def _handle(self, segment: int) -> int:
        if segment == self._number and self._own >= 0:
            return self._own
        if segment not in self._open:
            if len(self._open) >= _MOST_OPEN:
                os.close(self._open.popitem(last=False)[1])
            self._open[segment] = os.open(self._segments[segment], os.O_RDONLY | _BINARY)
        return self._open[segment]


def segments_of(folder: Path) -> list[Path]:
    """A ledger's segments, older ones first; none where there is no such folder."""
    try:
        return sorted(folder.glob(SEGMENTS))
    except OSError as error:
        raise RegistryError(f"can't be read: {error.strerror}", location=str(folder)) from None


def _read(line: bytes, segment: int, start: int) -> ResultLocation | None:
    """The result in a line, None where it is damaged or was never finished."""
    if not line.endswith(b"\n"):
        return None
    try:
        value = json.loads(line)
        key, status = value["key"], value["status"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(key, str) or len(key) != 64:
        return None
    return ResultLocation(key, status != "success", segment, start, len(line) - 1)


def _unwritable(folder: Path, error: OSError) -> RegistryError:
    return RegistryError(
        f"the ledger can't be written: {error.strerror}",
        location=str(folder),
        hint="what was done before is in it: make room, and run the same command again",
    )


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


def compact(value: Value) -> bytes:
    """JSON on one line; text that UTF-8 can't carry (lone surrogates of a model's answer) is escaped."""
    try:
        text = _ENCODER.encode(value)
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()
