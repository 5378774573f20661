"""What the page shows, and who waits for news of it: the one thing that the server's threads share."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from registry_tool.commands.author.dev.session import DevResult
from registry_tool.core.files import pretty_json
from registry_tool.core.values import Value

_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class ShownRun:
    """One run as the page shows it: what it was, how it went, and the blocks' values as text by id."""

    title: str
    words: str
    values: Mapping[str, str] = field(default_factory=dict)
    outputs: Mapping[str, str] = field(default_factory=dict)
    failed: bool = False


@dataclass(frozen=True, slots=True)
class PageSnapshot:
    """The state of a moment; `number` grows with every change."""

    number: int = 0
    round: DevResult | None = None
    run: ShownRun | None = None


class DevPageState:
    """The newest state. `put` wakes who waits in `after`."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._shown = PageSnapshot()

    def now(self) -> PageSnapshot:
        """What is shown."""
        with self._news:
            return self._shown

    def put(self, found: DevResult | None = None, run: ShownRun | None = None) -> None:
        """Show another look or another run; what is not given stays."""
        with self._news:
            old = self._shown
            self._shown = PageSnapshot(old.number + 1, found or old.round, run or old.run)
            self._news.notify_all()

    def after(self, number: int, seconds: float) -> int:
        """The newest number, as soon as it is another than `number`, else after so many seconds."""
        with self._news:
            self._news.wait_for(lambda: self._shown.number != number, seconds)
            return self._shown.number


def as_text(value: Value) -> str:
    """A value as people read it, cut where it is long."""
    text = value if isinstance(value, str) else pretty_json(value).rstrip("\n")
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
