"""The log's lines tell no text of inputs, no credentials and no personal data, whatever an event brings."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

from registry_tool.engine.events import Event
from registry_tool.monitoring.log import JsonLog, log_entry

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MAIL = "ada.lovelace@corp.dev"


def event(**metadata: object) -> Event:
    return Event(NOW, "edge_failed", "hello", "1.0.0", "exec-1", metadata)  # type: ignore[arg-type]


def test_texts_of_inputs_are_hidden_and_numbers_stay() -> None:
    entry = log_entry(event(inputs={"text": MAIL, "deep": {"a": MAIL}, "n": 3, "yes": True}))
    assert entry["metadata"] == {
        "inputs": {"text": "[REDACTED]", "deep": "[REDACTED]", "n": 3, "yes": True}
    }


def test_nothing_personal_passes_in_other_texts() -> None:
    token = "ghp_" + "a1B2" * 9
    stream = io.StringIO()
    JsonLog(stream)(event(error=f"no {MAIL}", more=[{"deep": f"key {token}"}], seconds=0.5))
    line = stream.getvalue()
    assert line.count("\n") == 1
    assert json.loads(line)["metadata"] == {
        "error": "no [EMAIL]",
        "more": [{"deep": "key [SECRET]"}],
        "seconds": 0.5,
    }
