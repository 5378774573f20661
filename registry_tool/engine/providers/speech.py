"""What a speech recogniser is, and OpenAI's form of one at the operator's address (`OPENAI_BASE_URL`)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol, cast

from registry_tool.core.values import Value
from registry_tool.engine.providers.base import ProviderError
from registry_tool.engine.providers.chat_body import refusal_of
from registry_tool.engine.providers.chat_http import ChatHttp, key_for, status_error
from registry_tool.engine.providers.openai_compatible import DEFAULT_BASE_URL

_OK = 200


class Transcriber(Protocol):
    """Turns speech into text. `name` names the model."""

    name: str

    async def transcribe(self, file: Path) -> str:
        """The text of a sound or film file; `ProviderError` where there is none."""


class OpenAITranscriber:
    """`/audio/transcriptions` of any compatible server. `timeout` is in seconds."""

    def __init__(
        self, model: str, environment: Mapping[str, str] | None = None, *, timeout: float = 300.0
    ) -> None:
        self.name = model
        self._environment = os.environ if environment is None else environment
        self._timeout = timeout

    async def transcribe(self, file: Path) -> str:
        """One request with the whole file."""
        address = (self._environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
        key = key_for(address, address, self._environment, DEFAULT_BASE_URL)
        http = ChatHttp(self._timeout)
        try:
            form = {"model": self.name, "response_format": "json"}
            async with http.upload(f"{address}/audio/transcriptions", form, file, key) as response:
                value = _json(await response.read())
                if response.status != _OK:
                    raise status_error(response, refusal_of(value), address, key)
        finally:
            await http.aclose()
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str):
            raise ProviderError("the server sent no transcription", place=address, transient=True)
        return text


def _json(data: bytes) -> Value:
    try:
        return cast(Value, json.loads(data))
    except (ValueError, RecursionError):
        return data[:300].decode("utf-8", "replace")
