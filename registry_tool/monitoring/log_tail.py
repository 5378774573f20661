"""What was written to logs since the last look."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from registry_tool.core.values import Object


class LogTail:
    """Remembers how far each file was read."""

    def __init__(self) -> None:
        self._read: dict[Path, int] = {}

    def new(self, path: Path) -> Iterator[Object]:
        """The whole lines that are new, as objects; a file that became shorter is read from its start."""
        try:
            size, start = path.stat().st_size, self._read.get(path, 0)
        except FileNotFoundError:
            return
        with path.open("rb") as file:
            file.seek(start if start <= size else 0)
            data = file.read()
            end = file.tell()
        whole, _, rest = data.rpartition(b"\n")  # a line without its end is still being written
        self._read[path] = end - len(rest)
        for line in whole.splitlines():
            entry = _object(line)
            if entry is not None:
                yield entry


def _object(line: bytes) -> Object | None:
    """A line's object; None for one that was cut off, as a full disk leaves them."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
