"""What a speech recogniser is, and OpenAI's form of one at the operator's address (`OPENAI_BASE_URL`)."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Protocol, cast

from registry_tool.core.values import Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.chat.http import (
    ChatHttp,
    key_for,
    read_bounded,
    status_error,
)
from registry_tool.engine.providers.models.chat.request import refusal_of
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.providers.models.openai_compatible import DEFAULT_BASE_URL
from registry_tool.engine.providers.models.retry import BackOff

_OK = 200


class Transcriber(Protocol):
    """Turns speech into text. `name` names the model."""

    name: str

    async def transcribe(self, file: Path) -> str:
        """The text of a sound or film file; `ProviderError` where there is none."""


class OpenAITranscriber:
    """`/audio/transcriptions` of any compatible server. `timeout` is in seconds.

    Servers tell no tokens for a sound, and no price is known: where `budget` caps dollars, none is asked.
    """

    def __init__(
        self,
        model: str,
        environment: Mapping[str, str] | None = None,
        *,
        timeout: float = 300.0,
        budget: Budget | None = None,
        back_off: BackOff | None = None,
    ) -> None:
        self.name = model
        self._budget, self._back_off = budget, back_off or BackOff()
        self._environment = os.environ if environment is None else environment
        self._timeout = timeout

    async def transcribe(self, file: Path) -> str:
        """One request with the whole file; transient failures are asked again."""
        if self._budget is not None:
            self._budget.set_aside(0, None)
        return await self._back_off.through(partial(self._once, file))

    async def _once(self, file: Path) -> str:
        address = (self._environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
        key = key_for(address, address, self._environment, DEFAULT_BASE_URL)
        http = ChatHttp(self._timeout)
        try:
            form = {"model": self.name, "response_format": "json"}
            async with http.upload(
                f"{address}/audio/transcriptions", form, file, key.value
            ) as response:
                value = _json(await read_bounded(response))
                if response.status != _OK:
                    raise status_error(response, refusal_of(value), address, key)
        finally:
            await http.aclose()
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str):
            raise ProviderError(
                "the server sent no transcription", location=address, transient=True
            )
        return text


def _json(data: bytes) -> Value:
    try:
        return cast(Value, json.loads(data))
    except (ValueError, RecursionError):
        return data[:300].decode("utf-8", "replace")
