"""Engine events as the design document's log: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TextIO, cast

from registry_tool.core.clock import instant
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.events import EXECUTION_STARTED, Event
from registry_tool.manifest.model import Port
from registry_tool.security.handling import private_value

REDACTED = "[REDACTED]"

Redact = Callable[[Frozen], Object]
"""Takes an event's inputs, gives what may be logged."""


def hide_all(inputs: Frozen) -> Object:
    """Inputs of which nothing but the names may be seen."""
    return dict.fromkeys(inputs, REDACTED)


def hide_all_text(inputs: Frozen) -> Object:
    """Inputs with every text replaced; numbers and booleans stay."""
    return {name: _hidden(value) for name, value in inputs.items()}


def hide_open_text(ports: Iterable[Port]) -> Redact:
    """Inputs with every text replaced but the words of an input's `enum`, which everybody can read."""
    words = {port.name: port.enum for port in ports if not port.pii}

    def redact(inputs: Frozen) -> Object:
        closed = {n: value for n, value in inputs.items() if value in words.get(n, ())}
        return {**hide_all_text(inputs), **closed}

    return redact


def _hidden(value: Value) -> Value:
    if value is None or isinstance(value, bool | int | float):
        return value
    return REDACTED


def log_entry(event: Event, redact: Redact = hide_all_text, user_id: str = "") -> Object:
    """The log line's object: timestamp, level, workflow, event, metadata; without secrets and personal data.

    A run's first line tells who asked for it, by pseudonym (`user_id`).
    """
    metadata = dict(event.metadata)
    if user_id and event.name == EXECUTION_STARTED:
        metadata["user_id"] = user_id
    inputs = metadata.get("inputs")
    if isinstance(inputs, dict):
        metadata["inputs"] = redact(inputs)
    metadata = cast(Object, private_value(metadata))
    return {
        "timestamp": instant(event.time),
        "level": event.level,
        "workflow": {
            "name": event.workflow,
            "version": event.version,
            "execution_id": event.execution_id,
        },
        "event": event.name,
        "metadata": metadata,
    }


class JsonLog:
    """A listener that writes every event as one line; no line break can come from inside."""

    def __init__(self, stream: TextIO, redact: Redact = hide_all_text, user_id: str = "") -> None:
        self._stream = stream
        self._redact = redact
        self._user_id = user_id

    def __call__(self, event: Event) -> None:
        """Write one event."""
        entry = log_entry(event, self._redact, self._user_id)
        line = json.dumps(entry, ensure_ascii=True).replace("##[", "#\\u0023[")  # a job's command
        self._stream.write(line + "\n")
        self._stream.flush()
