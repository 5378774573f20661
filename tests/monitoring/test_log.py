"""The log's lines tell no text of inputs, no credentials and no personal data, whatever an event brings."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import cast

from registry_tool.core.values import Object
from registry_tool.engine import events
from registry_tool.engine.events import Event
from registry_tool.manifest.model import Port
from registry_tool.monitoring.log import JsonLog, hide_open_text, log_entry

NOW = datetime(2024, 1, 20, 15, 30, tzinfo=UTC)
MAIL = "ada.lovelace@corp.dev"


def event(name: str = "edge_failed", **metadata: object) -> Event:
    return Event(NOW, name, "hello", "1.0.0", "exec-1", metadata)  # type: ignore[arg-type]


def test_texts_of_inputs_are_hidden_and_numbers_stay() -> None:
    entry = log_entry(event(inputs={"text": MAIL, "deep": {"a": MAIL}, "n": 3, "yes": True}))
    assert entry["metadata"] == {
        "inputs": {"text": "[REDACTED]", "deep": "[REDACTED]", "n": 3, "yes": True}
    }


def test_the_design_documents_own_example() -> None:
    ports = (Port("text", "string"), Port("language", "string", enum=("auto", "en")))
    inputs = {"text": "Hello", "language": "en"}
    begun = event("execution_started", environment="production", inputs=inputs)
    entry = log_entry(begun, hide_open_text(ports), "user-789")
    assert entry["metadata"] == {
        "user_id": "user-789",
        "environment": "production",
        "inputs": {"text": "[REDACTED]", "language": "en"},
    }
    assert "user_id" not in cast(Object, log_entry(event(), user_id="user-789")["metadata"])


def test_a_word_that_is_not_on_the_list_is_hidden_and_so_is_a_personal_one() -> None:
    ports = (Port("a", enum=("x",)), Port("b", enum=("x", 1), pii=True), Port("c", enum=(True, [])))
    hide = hide_open_text(ports)
    assert hide({"a": "y", "b": "x", "c": ["z"], "d": "x"}) == dict.fromkeys("abcd", "[REDACTED]")
    assert hide({"a": "x", "b": 1}) == {"a": "x", "b": 1}


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


def test_a_line_has_the_design_documents_fields_and_no_payload() -> None:
    stream = io.StringIO()
    JsonLog(stream)(
        event(
            events.EXECUTION_STARTED, environment="production", inputs={"text": "private", "n": 3}
        )
    )
    assert json.loads(stream.getvalue()) == {
        "timestamp": "2024-01-20T15:30:00.000Z",
        "level": "INFO",
        "workflow": {"name": "hello", "version": "1.0.0", "execution_id": "exec-1"},
        "event": "execution_started",
        "metadata": {"environment": "production", "inputs": {"text": "[REDACTED]", "n": 3}},
    }


def test_hostile_text_stays_inside_its_line() -> None:
    stream = io.StringIO()
    JsonLog(stream)(event(events.EDGE_FAILED, error="a\n::set-output name=x::y\r\n\x1b[31m\u2028z"))
    assert stream.getvalue().count("\n") == 1
    assert not stream.getvalue().startswith("::")
    assert "\x1b" not in stream.getvalue()
    assert json.loads(stream.getvalue())["level"] == "ERROR"
