"""How far a batch is, and which edges of a run work; on a terminal only."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from registry_tool.report.text import inert

if TYPE_CHECKING:
    from registry_tool.engine.events import Event
    from registry_tool.runtime.batch.session import BatchCounts

_EVERY = 0.2  # seconds
_WIDTH = 30


class WorkingEdges:
    """A listener that shows which edges work, in one line that goes with the run; silent without a terminal."""

    def __init__(self, *, shown: bool = True) -> None:
        self._wanted = shown and sys.stderr.isatty()
        self._at_work: dict[str, str] = {}

    @property
    def listeners(self) -> tuple[Callable[[Event], None], ...]:
        """Itself, where there is somebody to see it."""
        return (self,) if self._wanted else ()

    def __call__(self, event: Event) -> None:
        edge = str(event.metadata.get("edge", ""))
        if event.name == "edge_started":
            self._at_work[edge] = str(event.metadata.get("type", ""))
        elif event.name in {"edge_finished", "edge_failed"}:
            self._at_work.pop(edge, None)
        else:
            return
        names = ", ".join(f"{inert(name)} ({kind})" for name, kind in self._at_work.items())
        line = f"working: {names}"[: _line() - 1] if names else ""
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    def end(self) -> None:
        """Leave no line behind."""
        if self._wanted:
            click.echo("\r\x1b[K", nl=False, err=True)


def _line() -> int:
    return shutil.get_terminal_size().columns


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
