"""The results of a batch as JSON lines, in the input's order, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from registry_tool.core.errors import RegistryError
from registry_tool.engine.batch.batch_index import BatchLine
from registry_tool.engine.batch.ledger import Ledger, compact

REFUSED = "refused"
MISSING = "missing"


@dataclass(slots=True)
class Tally:
    """Lines by what became of them."""

    succeeded: int = 0
    failed: int = 0
    refused: int = 0
    missing: int = 0


def write_results(path: Path, entries: Iterable[BatchLine], ledger: Ledger) -> Tally:
    """One line an entry: `line`, `id` where one was given, `key`, `status`, and what the ledger holds of it."""
    tally = Tally()
    with _whole(path) as file:
        for entry in entries:
            file.write(_line(entry, ledger, tally))
    return tally


def check_writable(path: Path) -> None:
    """`RegistryError` where results could not be written later, when they have been paid for."""
    reason = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or "its folder can't be made"
    if path.is_dir():
        reason = "it is a folder"
    elif not reason and not os.access(path.parent, os.W_OK):
        reason = "its folder is read-only"
    if reason:
        raise RegistryError(f"can't be written: {reason}", location=str(path))


def _line(entry: BatchLine, ledger: Ledger, tally: Tally) -> bytes:
    about = b'{"line":%d' % entry.line
    if entry.label:
        about += b',"id":' + compact(entry.label)
    if entry.location is not None:
        tally.failed += entry.location.failed
        tally.succeeded += not entry.location.failed
        # The ledger's line is an object already: ours goes in front of its first key.
        return about + b"," + ledger.read(entry.location)[1:] + b"\n"
    if entry.reason:
        tally.refused += 1
        return about + b"," + compact({"status": REFUSED, "error": entry.reason})[1:] + b"\n"
    tally.missing += 1
    return about + b"," + compact({"key": entry.key, "status": MISSING})[1:] + b"\n"


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A file that takes its name only when everything is in it; mode 0600, for results may be private."""
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
        with os.fdopen(handle, "wb", buffering=2**18) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        name = ""
    except OSError as error:
        raise RegistryError(f"can't be written: {error.strerror}", location=str(path)) from None
    finally:
        if name:
            Path(name).unlink(missing_ok=True)
