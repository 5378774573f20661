"""Recorded questions in words: what was asked, and how a question differs from those that were recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from registry_tool.core.suggest import nearest as nearest_text
from registry_tool.core.values import Frozen, Object
from registry_tool.engine.providers.cassettes.cassette import (
    Cassette,
    Recording,
    ServiceRecording,
    request_value,
)
from registry_tool.engine.providers.models.base import ModelRequest

_COMPARED = 200  # recordings, when the nearest one is looked for
_LONGEST = 2_000  # characters of a message that are compared


def questions(cassette: Cassette, keys: Iterable[str]) -> list[str]:
    """What was asked under some keys, shortened, for people to recognise."""
    return [
        _question(cassette.recordings[key])
        if key in cassette.recordings
        else _service_question(cassette.services[key])
        for key in keys
    ]


def nearest(cassette: Cassette, request: ModelRequest) -> Recording | None:
    """The recording whose question is most like a request; None where none is like it."""
    some = list(cassette.recordings.values())[:_COMPARED]
    by_question = {_asked(recording.request): recording for recording in some}
    return by_question.get(
        nearest_text(_asked(request_value(request)), by_question, 0.5, longest=_LONGEST)
    )


def unlike(request: ModelRequest, recording: Recording) -> str:
    """Where a request differs from a recorded one, in words."""
    wanted, known = request_value(request), recording.request
    keys = sorted(wanted.keys() | known.keys())
    found = [key for key in keys if wanted.get(key) != known.get(key)]
    if found != ["messages"]:
        return ", ".join(key for key in found)
    was, now = _asked(known), _asked(wanted)
    if was == now:
        return "roles or pictures of its messages"
    at = next((i for i, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), 0)
    start = max(at - 20, 0)
    return f"it says {was[start : at + 40]!r} where this one says {now[start : at + 40]!r}"


def _asked(request: Frozen) -> str:
    messages = cast(list[Object], request.get("messages") or [])
    return "\n".join(str(message.get("content", ""))[:_LONGEST] for message in messages)


def _question(recording: Recording) -> str:
    messages = cast(list[Object], recording.request.get("messages") or [{}])
    text = " ".join(str(messages[-1].get("content", "")).split())
    shown = text if len(text) <= 100 else text[:99] + "…"
    return f"{recording.request.get('model')}: {shown} (key {recording.key})"


def _service_question(recording: ServiceRecording) -> str:
    request = recording.request
    text = next((str(request[key]) for key in ("query", "url", "text") if request.get(key)), "")
    return f"{request.get('service')}: {text[:100]} (key {recording.key})"
