"""How far a batch is, and which edges of a run work."""

from __future__ import annotations

import math
import shutil
import sys
import threading
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
_WIDTH = 20
_MINUTE = 60.0
_BLOCK = 2**20


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
    """How far a batch is: on a terminal a bar that goes with it, elsewhere a line a minute (`every` seconds).

    `ticks` are seconds of a clock that never goes back.
    """

    def __init__(
        self, inputs: Path, ticks: Callable[[], float] = time.monotonic, every: float = _MINUTE
    ) -> None:
        self._is_terminal = sys.stderr.isatty()
        self._total = lines_in(inputs) if inputs.is_file() else 0
        self._ticks, self._every = ticks, every
        self._begun = self._next = ticks()
        self._counts: BatchCounts | None = None
        self._shown = False
        self._ended = threading.Event()
        self._teller = threading.Thread(target=self._tell_now_and_then, daemon=True)

    def __enter__(self) -> Self:
        if not self._is_terminal:
            self._teller.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._teller.is_alive():
            self._teller.join()
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)

    def __call__(self, counts: BatchCounts, _position: int) -> None:
        """Take note; on a terminal show it, a few times a second at most."""
        self._counts = counts
        if not self._is_terminal or self._ticks() < self._next:
            return
        self._next = self._ticks() + _EVERY
        self._shown = True
        line = f"{bar(counts, self._total)}{self.text()}"[: _line() - 1]
        click.echo(f"\r\x1b[K{line}", nl=False, err=True)

    def text(self) -> str:
        """The present state in words."""
        from registry_tool.runtime.batch.session import BatchCounts

        counts = self._counts or BatchCounts()
        return progress_text(counts, self._total, self._ticks() - self._begun)

    def _tell_now_and_then(self) -> None:
        """Also while all items wait for their model: silence looks like a command that hangs."""
        while not self._ended.wait(self._every):
            click.echo(self.text(), err=True)


def lines_in(file: Path) -> int:
    """How many lines a file has; a last one without an end counts."""
    count, last = 0, b"\n"
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            count += block.count(b"\n")
            last = block[-1:]
    return count + (last != b"\n")


def bar(counts: BatchCounts, total: int) -> str:
    """`[#####-----] `; nothing where it is not known how many there are."""
    if total <= counts.left:
        return ""
    done = int(min(counts.done / (total - counts.left), 1.0) * _WIDTH)
    return f"[{'#' * done}{'-' * (_WIDTH - done)}] "


def progress_text(counts: BatchCounts, total: int, seconds: float) -> str:
    """`1240 of 5000 done, 24.2 a second, 3 failed, 40 known before, 2m35s left`.

    The rate is of what is run now, over all the `seconds`; what is left is shown once there is a rate.
    """
    wanted = max(total - counts.left, counts.done)
    rate = counts.ran / seconds if seconds > 0 else 0.0
    parts = [
        f"{counts.done} of {wanted} done" if total else f"{counts.done} done",
        *([f"{rate:.1f} a second"] if rate else []),
        f"{counts.failed} failed",
        *([f"{counts.refused} refused"] if counts.refused else []),
        *([f"{counts.found} known before"] if counts.found else []),
        *([f"{_in_words((wanted - counts.done) / rate)} left"] if total and rate else []),
    ]
    return ", ".join(parts)


def _in_words(seconds: float) -> str:
    """`2h05m`, `2m35s`, `12s`."""
    whole = math.ceil(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes_left:02}m"
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"
