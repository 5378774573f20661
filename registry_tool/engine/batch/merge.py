"""Several ledgers into one: their segments side by side."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.engine.batch.ledger import Ledger, segments_of


def merge(ledgers: Iterable[Path], into: Path) -> int:
    """Copies the segments that `into` lacks; the number of segments that it has then.

    A segment that was copied before it was finished is replaced by its longer self.
    """
    for ledger in ledgers:
        found = segments_of(ledger)
        if not found:
            raise NotFoundError("there is no ledger", location=str(ledger))
        for _ in Ledger(ledger).locations():
            pass  # whatever is not a ledger is refused before anything is copied
        for segment in found:
            _bring(segment, into / segment.name)
    return len(segments_of(into))


def _bring(segment: Path, target: Path) -> None:
    try:
        if target.exists() and _holds(target, segment):
            return
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(segment, target)
    except OSError as error:
        raise RegistryError(f"can't be merged: {error.strerror}", location=str(target)) from None


def _holds(target: Path, segment: Path) -> bool:
    """Whether the target has all of a segment; `RegistryError` where neither is the beginning of the other."""
    have, given = target.stat().st_size, segment.stat().st_size
    with target.open("rb") as one, segment.open("rb") as other:
        left = min(have, given)
        while left:
            size = min(left, 2**20)
            if one.read(size) != other.read(size):
                raise RegistryError(
                    f"differs from {segment}, which has its name",
                    location=str(target),
                    hint="one of them was changed by hand; take that one away",
                )
            left -= size
    return have >= given


def _copy(segment: Path, target: Path) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".segment.")
    try:
        with os.fdopen(handle, "wb") as file, segment.open("rb") as source:
            shutil.copyfileobj(source, file, 2**20)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
