"""Recorded answers: what a model said to which question, as a file that people read in review.

A question's key is the hash of model, messages, parameters, schema and repeat index, after secrets were replaced;
neither the seed nor the address is part of it. In the file, a text of several lines is a list of them, and
recordings stand in the order of their questions, so that a changed prompt or answer is a change of few lines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json, parse_json, pretty_json
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.models.base import (
    Message,
    ModelAnswer,
    ModelRequest,
    ToolCall,
    Usage,
)

FORMAT = "puppyai.com/cassettes/v1"
_RECORD = "record it again with `puppy-cli test --record`"


class Recording(Record, frozen=True):
    """One question as it was asked, and its answer. `key` is hex."""

    key: str
    request: Object
    answer: ModelAnswer


def request_value(request: ModelRequest) -> Object:
    """What of a request makes the answer, secrets replaced."""
    value: Object = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "schema": redacted(dict(request.schema)) if request.schema is not None else None,
        "parameters": redacted(dict(request.parameters)),
        "repeat": request.repeat,
        "tools": [redacted(dict(tool)) for tool in request.tools],
    }
    without: Object = {"parameters": {}, "repeat": 0, "tools": []}
    return {
        key: item for key, item in value.items() if item is not None and item != without.get(key)
    }


def _message(message: Message) -> Object:
    """A message without secrets; of a picture what it is, not its bytes."""
    said: Object = {"role": message.role, "content": _without_secrets(message.content)}
    images = [image.to_value() for image in message.images]
    return {**said, "images": list[Value](images)} if images else said


def redacted(value: Value) -> Value:
    """A value without the secrets in its texts; keys stay."""
    if isinstance(value, str):
        return _without_secrets(value)
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if isinstance(value, dict):
        return {key: redacted(item) for key, item in value.items()}
    return value


def _without_secrets(text: str) -> str:
    from registry_tool.security.redact import redact_secrets

    return redact_secrets(text)


def key_of(request: ModelRequest) -> str:
    """The first 32 hex digits of the request's SHA-256."""
    return hashlib.sha256(canonical_json(request_value(request))).hexdigest()[:32]


class ServiceRecording(Record, frozen=True):
    """What a service other than a model was asked, and what it said. `key` is hex."""

    key: str
    request: Object
    answer: Value


class Cassette:
    """Recordings by key: of models, and of services. `about` says where they come from (provider, model, note)."""

    def __init__(
        self,
        recordings: dict[str, Recording] | None = None,
        about: str = "",
        services: dict[str, ServiceRecording] | None = None,
    ) -> None:
        self.recordings = dict(recordings or {})
        self.services = dict(services or {})
        self.about = about

    @property
    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(self.recordings) | frozenset(self.services)

    def drop(self, keys: Iterable[str]) -> None:
        """Forget recordings."""
        for key in keys:
            self.recordings.pop(key, None)
            self.services.pop(key, None)

    def add(self, request: ModelRequest, answer: ModelAnswer) -> None:
        """Keep an answer without its secrets, in place of an older one to the same question."""
        key = key_of(request)
        calls = [replace(c, arguments=_without_secrets(c.arguments)) for c in answer.tool_calls]
        clean = replace(answer, text=_without_secrets(answer.text), tool_calls=tuple(calls))
        self.recordings[key] = Recording(key, request_value(request), clean)

    def ordered(self) -> list[Recording]:
        """The recordings in the order of their questions."""
        return sorted(self.recordings.values(), key=_order)

    def to_bytes(self) -> bytes:
        """The file: readable JSON."""
        value: Object = {
            "format": FORMAT,
            "about": self.about,
            "recordings": [_recording(recording) for recording in self.ordered()],
        }
        if self.services:
            services = sorted(self.services.values(), key=lambda r: canonical_json(r.request))
            value["services"] = [
                {"key": r.key, "request": r.request, "answer": r.answer} for r in services
            ]
        return pretty_json(value).encode()


def _order(recording: Recording) -> tuple[str, int, str]:
    """Equal questions together and by repeat, those of one prompt near each other."""
    request = recording.request
    messages = canonical_json({"messages": request.get("messages")}).decode()
    return messages, cast(int, request.get("repeat", 0)), recording.key


def _recording(recording: Recording) -> Object:
    messages = cast(list[Object], recording.request.get("messages", []))
    written = [{**message, "content": _lines(str(message["content"]))} for message in messages]
    answer: Object = {
        "text": _lines(recording.answer.text),
        "model": recording.answer.model,
        "finish_reason": recording.answer.finish_reason,
        "usage": cast(Value, recording.answer.usage.to_value()),
    }
    if recording.answer.tool_calls:
        answer["tool_calls"] = [call.to_value() for call in recording.answer.tool_calls]
    request: Object = {**recording.request, "messages": cast(Value, written)}
    return {"key": recording.key, "request": request, "answer": answer}


def _call(value: Object) -> ToolCall:
    inner = cast(Object, value["function"])
    return ToolCall(str(inner["name"]), str(inner["arguments"]), str(value.get("id", "")))


def _lines(text: str) -> Value:
    return list[Value](text.split("\n")) if "\n" in text else text


def _text(value: Value) -> str:
    return "\n".join(cast(list[str], value)) if isinstance(value, list) else str(value)


def read_cassette(data: bytes, location: str) -> Cassette:
    """The cassette in a file; `RegistryError` where it is malformed."""
    try:
        value = cast(Object, _parsed(data, location))
        if value["format"] != FORMAT:
            raise KeyError("format")
        recordings = [_from(cast(Object, item)) for item in cast(list[Value], value["recordings"])]
        services = [
            ServiceRecording(str(item["key"]), cast(Object, item["request"]), item["answer"])
            for item in cast(list[Object], value.get("services") or [])
        ]
        return Cassette(
            {r.key: r for r in recordings},
            str(value.get("about", "")),
            {r.key: r for r in services},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise RegistryError(
            f"not a file of recorded answers ({error})",
            location=location,
            hint=_RECORD,
        ) from None


def _parsed(data: bytes, location: str) -> Value:
    try:
        value = parse_json(data, location=location)
        pretty_json(value).encode()
    except RegistryError as error:
        raise RegistryError(error.reason, location=error.location, hint=_RECORD) from None
    except UnicodeEncodeError:
        reason = "it holds half of a surrogate pair, which no file can hold"
        raise RegistryError(reason, location=location, hint=_RECORD) from None
    return value


def _from(item: Object) -> Recording:
    answer = cast(Object, item["answer"])
    usage = cast(Object, answer.get("usage") or {})
    request = cast(Object, item["request"])
    messages = cast(list[Object], request.get("messages", []))
    read = [{**message, "content": _text(message["content"])} for message in messages]
    return Recording(
        str(item["key"]),
        {**request, "messages": cast(Value, read)},
        ModelAnswer(
            _text(answer["text"]),
            str(answer["model"]),
            Usage.from_value({"calls": 1, **usage}),
            str(answer.get("finish_reason", "stop")),
            tuple(_call(call) for call in cast(list[Object], answer.get("tool_calls") or [])),
        ),
    )
