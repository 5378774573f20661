"""Recorded answers as people read them, and how those of two versions differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json
from registry_tool.core.values import Object
from registry_tool.engine.answerers import same_model
from registry_tool.engine.providers.cassettes.cassette import Recording, read_cassette
from registry_tool.report.line_diff import line_diff

_MOST = 200  # lines that a review shows
_LONGEST = 20_000  # lines that are compared


def answers_diff(before: bytes, after: bytes) -> list[str]:
    """The lines of a unified diff of two files of recorded answers; none where a file is broken."""
    try:
        was, now = (list(islice(_lines(data), _LONGEST)) for data in (before, after))
    except RegistryError:  # a rule tells
        return []
    found = line_diff(was, now)
    more = len(found) - _MOST
    return found if more <= 0 else [*found[:_MOST], f"… {more} more lines"]


def stand_ins(data: bytes) -> list[tuple[str, str]]:
    """(who answered, who was asked) of recorded answers that another model gave; none where the file is broken."""
    try:
        recordings = read_cassette(data, "tests/cassettes.json").ordered() if data else []
    except RegistryError:  # a rule tells
        return []
    pairs = ((item.answer.model, str(item.request.get("model", ""))) for item in recordings)
    return sorted({pair for pair in pairs if not same_model(pair[1], pair[0])})


def _lines(data: bytes) -> Iterator[str]:
    if not data:
        return
    cassette = read_cassette(data, "tests/cassettes.json")
    for recording in cassette.ordered():
        yield from _recording(recording)
    for service in sorted(cassette.services.values(), key=lambda s: pretty_json(s.request)):
        yield f"# {service.request.get('service')}"
        yield from pretty_json(service.request).splitlines()
        yield "[answer]"
        yield from pretty_json(service.answer).splitlines()
        yield ""


def _recording(recording: Recording) -> Iterator[str]:
    """A recording without its key and usage, which say nothing to a reader."""
    request = recording.request
    repeat = f", repeat {request['repeat']}" if request.get("repeat") else ""
    yield f"# {request.get('model')}{repeat}"
    for message in cast(list[Object], request.get("messages", [])):
        yield f"[{message.get('role')}]"
        yield from str(message.get("content")).splitlines()
    yield f"[answer of {recording.answer.model}, {recording.answer.finish_reason}]"
    yield from recording.answer.text.splitlines()
    yield ""
