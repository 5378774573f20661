"""How far a batch is, on a terminal only."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from registry_tool.runtime.batch.session import BatchCounts

_EVERY = 0.2  # seconds
_WIDTH = 30


class Progress:
    """A bar by the bytes of the input that were read, and counts. Silent where standard error is no terminal."""

    def __init__(self, inputs: Path) -> None:
        self._wanted = sys.stderr.isatty()
        self._size = inputs.stat().st_size if inputs.is_file() else 0
        self._next = 0.0
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)

    def __call__(self, counts: BatchCounts, position: int) -> None:
        """Show it, a few times a second at most."""
        if not self._wanted or (now := time.monotonic()) < self._next:
            return
        self._next = now + _EVERY
        self._shown = True
        click.echo(f"\r\x1b[K{progress_text(counts, position, self._size)}", nl=False, err=True)


def progress_text(counts: BatchCounts, position: int, size: int) -> str:
    """`[#####-----] 50 %, 1200 run, 3 failed, 40 known`; without the bar where the size is not known."""
    told = f"{counts.ran} run, {counts.failed} failed, {counts.found} known"
    if not size:
        return told
    share = min(position / size, 1.0)
    done = int(share * _WIDTH)
    return f"[{'#' * done}{'-' * (_WIDTH - done)}] {share:.0%} read, {told}"
