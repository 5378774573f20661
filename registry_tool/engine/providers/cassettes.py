"""Recorded answers: what a model said to which question, as a file that people read in review.

A question's key is the hash of model, messages, parameters, schema and repeat index, after secrets were replaced;
neither the seed nor the address is part of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json, parse_json, pretty_json
from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.base import ModelAnswer, ModelRequest, Usage
from registry_tool.security.redact import redact_secrets

FORMAT = "puppyai.com/cassettes/v1"


@dataclass(frozen=True, slots=True)
class Recording:
    """One question as it was asked, and its answer. `key` is hex."""

    key: str
    request: Object
    answer: ModelAnswer


def request_value(request: ModelRequest) -> Object:
    """What of a request makes the answer, secrets replaced."""
    value: Object = {
        "model": request.model,
        "messages": [
            {"role": message.role, "content": redact_secrets(message.content)}
            for message in request.messages
        ],
        "temperature": request.temperature,
        "max_tokens": request.max_tokens,
        "schema": dict(request.schema) if request.schema is not None else None,
        "parameters": dict(request.parameters),
        "repeat": request.repeat,
    }
    without = {"parameters": {}, "repeat": 0}
    return {
        key: item for key, item in value.items() if item is not None and item != without.get(key)
    }


def key_of(request: ModelRequest) -> str:
    """The first 32 hex digits of the request's SHA-256."""
    return hashlib.sha256(canonical_json(request_value(request))).hexdigest()[:32]


class Cassette:
    """Recordings by key. `about` says where they come from (provider, model, note)."""

    def __init__(self, recordings: dict[str, Recording] | None = None, about: str = "") -> None:
        self.recordings = dict(recordings or {})
        self.about = about

    def add(self, request: ModelRequest, answer: ModelAnswer) -> None:
        """Keep an answer, in place of an older one to the same question."""
        key = key_of(request)
        self.recordings[key] = Recording(key, request_value(request), answer)

    def to_bytes(self) -> bytes:
        """The file: readable JSON, recordings sorted by key."""
        value: Object = {
            "format": FORMAT,
            "about": self.about,
            "recordings": [_recording(r) for _, r in sorted(self.recordings.items())],
        }
        return pretty_json(value).encode()


def _recording(recording: Recording) -> Object:
    return {
        "key": recording.key,
        "request": recording.request,
        "answer": {
            "text": recording.answer.text,
            "model": recording.answer.model,
            "finish_reason": recording.answer.finish_reason,
            "usage": cast(Value, recording.answer.usage.to_value()),
        },
    }


def read_cassette(data: bytes, place: str) -> Cassette:
    """The cassette in a file; `RegistryError` where it is none."""
    try:
        value = cast(Object, parse_json(data, place=place))
        if value["format"] != FORMAT:
            raise KeyError("format")
        recordings = [_from(cast(Object, item)) for item in cast(list[Value], value["recordings"])]
        return Cassette({r.key: r for r in recordings}, str(value.get("about", "")))
    except (KeyError, TypeError, AttributeError) as error:
        raise RegistryError(
            f"not a file of recorded answers ({error})",
            place=place,
            way_out="record it again with `puppy-cli test --record`",
        ) from None


def _from(item: Object) -> Recording:
    answer = cast(Object, item["answer"])
    usage = cast(dict[str, int], answer.get("usage") or {})
    return Recording(
        str(item["key"]),
        cast(Object, item["request"]),
        ModelAnswer(
            str(answer["text"]),
            str(answer["model"]),
            Usage(
                usage.get("input_tokens", 0),
                usage.get("output_tokens", 0),
                usage.get("calls", 1),
            ),
            str(answer.get("finish_reason", "stop")),
        ),
    )
