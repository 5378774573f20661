"""Embeddings of any server that speaks OpenAI's, at the operator's address (`OPENAI_BASE_URL`)."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping, Sequence
from functools import partial
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.models.chat.http import (
    ApiKey,
    ChatHttp,
    key_for,
    read_bounded,
    status_error,
)
from registry_tool.engine.providers.models.chat.request import refusal_of
from registry_tool.engine.providers.models.chat.response import usage_of
from registry_tool.engine.providers.models.openai_compatible import DEFAULT_BASE_URL
from registry_tool.engine.providers.models.retry import BackOff

_TOGETHER = 256
_OK = 200


class OpenAIEmbedder:
    """Vectors of one model. `timeout` is in seconds."""

    def __init__(
        self,
        model: str,
        environment: Mapping[str, str] | None = None,
        *,
        timeout: float = 60.0,
        back_off: BackOff | None = None,
    ) -> None:
        self.name = model
        self._back_off = back_off or BackOff()
        self._environment = os.environ if environment is None else environment
        self._timeout = timeout

    async def embed_counted(self, texts: Sequence[str]) -> tuple[list[list[float]], Usage]:
        """One unit vector a text, in order, and the tokens; transient failures are asked again."""
        address = (self._environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
        key = key_for(address, address, self._environment, DEFAULT_BASE_URL)
        http = ChatHttp(self._timeout)
        found: list[list[float]] = []
        usage = Usage()
        try:
            for start in range(0, len(texts), _TOGETHER):
                part = [text or " " for text in texts[start : start + _TOGETHER]]
                vectors, took = await self._back_off.through(
                    partial(self._some, http, address, key, part)
                )
                found += vectors
                usage += took
        finally:
            await http.aclose()
        return found, usage

    async def _some(
        self, http: ChatHttp, address: str, key: ApiKey, texts: list[str]
    ) -> tuple[list[list[float]], Usage]:
        body: Object = {"model": self.name, "input": list[Value](texts)}
        async with http.post(f"{address}/embeddings", body, key.value) as response:
            data = await read_bounded(response)
            try:
                value = cast(Value, json.loads(data))
            except (ValueError, RecursionError):
                value = None
            if response.status != _OK:
                raise status_error(response, refusal_of(value), address, key)
        usage = value.get("usage") if isinstance(value, dict) else None
        return _vectors(value, len(texts), address), usage_of(usage)


def _vectors(value: Value, count: int, address: str) -> list[list[float]]:
    data = value.get("data") if isinstance(value, dict) else None
    items = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
    vectors = [item.get("embedding") for item in sorted(items, key=_index)]
    if len(vectors) != count or not all(_is_vector(vector) for vector in vectors):
        raise ProviderError(
            "the model's server sent no embeddings", location=address, transient=True
        )
    return [_unit(cast(list[float], vector)) for vector in vectors]


def _index(item: Object) -> int:
    index = item.get("index")
    return index if isinstance(index, int) else 0


def _is_vector(value: Value) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(n, int | float) and math.isfinite(n) for n in value)
    )


def _unit(vector: list[float]) -> list[float]:
    length = math.hypot(*vector)
    return [n / length for n in vector] if length else vector
