"""A run's events as a timeline: which edge ran when, how long, and what it asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.events import Event
from registry_tool.report.text import inert

_WIDTH = 30
_ENDS = {
    events.EDGE_FINISHED: "ok",
    events.EDGE_FAILED: "failed",
    events.EDGE_SKIPPED: "skipped",
}
_MARKS = {"failed": "!", "unfinished": "?"}


@dataclass(slots=True)
class TimelineSpan:
    """One edge at work. `start` and `end` are in seconds since the run began; `depth` counts callers."""

    execution_id: str
    edge: str
    type: str
    start: float
    end: float
    status: str = "unfinished"
    notes: list[str] = field(default_factory=list)
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def depth(self) -> int:
        """0 for the run itself, 1 for a workflow that it calls …"""
        return self.execution_id.count(".")

    def to_value(self) -> Object:
        """As JSON."""
        return {
            "execution_id": self.execution_id,
            "edge": self.edge,
            "type": self.type,
            "status": self.status,
            "start": round(self.start, 6),
            "seconds": round(self.end - self.start, 6),
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "notes": list[Value](self.notes),
        }


class Timeline:
    """A listener that keeps spans, in the order in which they began."""

    def __init__(self) -> None:
        self.spans: list[TimelineSpan] = []
        self._began: datetime | None = None
        self._open: dict[tuple[str, str], TimelineSpan] = {}

    def __call__(self, event: Event) -> None:
        """Take one event."""
        began = self._began = self._began or event.time
        at = (event.time - began).total_seconds()
        metadata = event.metadata
        if "edge" not in metadata:
            return
        key = (event.execution_id, str(metadata["edge"]))
        if event.name in {events.EDGE_STARTED, events.EDGE_SKIPPED}:
            self._open[key] = TimelineSpan(*key, str(metadata["type"]), at, at)
            self.spans.append(self._open[key])
        span = self._open.get(key)
        if span is not None:
            span.end = at
            span.status = _ENDS.get(event.name, span.status)
            _note(span, event)

    @property
    def seconds(self) -> float:
        """When the last span ended."""
        return max((span.end for span in self.spans), default=0.0)


def _note(span: TimelineSpan, event: Event) -> None:
    metadata = event.metadata
    if event.name in {events.MODEL_CALLED, events.SERVICE_CALLED}:
        usage = cast(dict[str, int], metadata.get("usage") or {})
        span.input_tokens += usage.get("input_tokens", 0)
        span.output_tokens += usage.get("output_tokens", 0)
    if event.name == events.MODEL_CALLED:
        if (model := str(metadata["answered_by"])) not in span.notes:
            span.notes.append(model)
    elif event.name == events.SERVICE_CALLED:
        if (service := str(metadata["service"])) not in span.notes:
            span.notes.append(service)
    elif event.name == events.EDGE_RETRIED:
        span.notes.append(f"attempt {metadata['attempt']} failed: {metadata['error']}")
    elif event.name == events.EDGE_CACHED:
        span.notes.append("remembered")
    elif event.name == events.ITEM_FAILED:
        span.notes.append(f"item {metadata['index']} failed: {metadata['error']}")
    elif event.name == events.EDGE_FAILED:
        span.notes.append(str(metadata["error"]))


def timeline_text(timeline: Timeline) -> str:
    """A line a span: when, a bar, the edge, how long, what it asked; every foreign word is made inert."""
    return "\n".join(_lines(timeline))


def _lines(timeline: Timeline) -> Iterator[str]:
    names = [f"{'  ' * span.depth}{span.edge} ({span.type})" for span in timeline.spans]
    widest = max(map(len, names), default=0)
    whole = timeline.seconds or 1.0
    for name, span in zip(names, timeline.spans, strict=True):
        parts = [f"{span.end - span.start:8.3f} s"]
        if span.input_tokens or span.output_tokens:
            parts.append(f"{span.input_tokens} + {span.output_tokens} tokens")
        if span.status != "ok":
            parts.append(span.status)
        parts += [inert(note).replace("\n", " ")[:160] for note in span.notes]
        bar = _bar(span, whole)
        yield f"{span.start:8.3f} s  |{bar}|  {inert(name):<{widest}}  {'  '.join(parts)}"


def _bar(span: TimelineSpan, whole: float) -> str:
    if span.status == "skipped":
        return "·" * _WIDTH
    first = min(int(span.start / whole * _WIDTH), _WIDTH - 1)
    last = min(max(int(span.end / whole * _WIDTH), first + 1), _WIDTH)
    mark = _MARKS.get(span.status, "█")
    return " " * first + mark * (last - first) + " " * (_WIDTH - last)
