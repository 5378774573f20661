"""The values of a run's blocks: small ones in memory, large ones in files that vanish with the run."""

from __future__ import annotations

import json
import shutil
import tempfile
import weakref
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import cast

from registry_tool.core.values import Value

LARGE = 2**20
"""From about this many bytes on a value is kept in a file."""


class ValueStore(MutableMapping[str, Value]):
    """Values by block id. A large value is read anew at every look: hold it no longer than you need it."""

    def __init__(self, large: int = LARGE) -> None:
        self._large = large
        self._small: dict[str, Value] = {}
        self._files: dict[str, Path] = {}
        self._folder: Path | None = None
        self._written = 0

    def __getitem__(self, name: str) -> Value:
        if name in self._small:
            return self._small[name]
        return cast(Value, json.loads(self._files[name].read_text("utf-8")))

    def __setitem__(self, name: str, value: Value) -> None:
        if not is_large(value, self._large):
            if name in self._files:
                del self[name]
            self._small[name] = value
            return
        self._small.pop(name, None)
        self._written += 1
        file = self._files.get(name) or self._place() / f"{self._written}.json"
        with file.open("w", encoding="utf-8") as stream:
            json.dump(value, stream, ensure_ascii=False)
        self._files[name] = file

    def __delitem__(self, name: str) -> None:
        if name in self._small:
            del self._small[name]
        else:
            self._files.pop(name).unlink()

    def __iter__(self) -> Iterator[str]:
        yield from self._small
        yield from self._files

    def __len__(self) -> int:
        return len(self._small) + len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._small or name in self._files

    @property
    def in_files(self) -> frozenset[str]:
        """Names of the values that are kept in files."""
        return frozenset(self._files)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="puppy-values-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder


def is_large(value: Value, large: int) -> bool:
    """Whether a value takes about `large` bytes or more; looks no further than it must."""
    if isinstance(value, str):
        return len(value) >= large
    if not isinstance(value, list | dict):
        return False
    total, waiting = 0, [value]
    while waiting and total < large:
        item = waiting.pop()
        if isinstance(item, str):
            total += len(item)
        elif isinstance(item, list):
            waiting += item  # type: ignore[arg-type]
        elif isinstance(item, dict):
            total += sum(map(len, item))
            waiting += item.values()  # type: ignore[arg-type]
        total += 8
    return total >= large
