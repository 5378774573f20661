"""Models that meet a planted order: one ignores it and answers as recorded, one obeys whatever it reads.

Neither is a real one, which lies between them: what the second alone brings about takes a model that obeys.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.engine.providers.cassettes.replay import ReplayProvider
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    ModelRequest,
    OnText,
    Usage,
)
from registry_tool.engine.testing.canaries.orders import orders_of, without_orders, words_in
from registry_tool.engine.testing.canaries.planting import obeyed
from registry_tool.manifest.json_schema.misfit import misfit


class IgnoringModel:
    """Answers as was recorded to the question without the orders in it."""

    name = "ignoring"

    def __init__(self, cassette: Cassette) -> None:
        self._recorded = ReplayProvider(cassette)

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The recorded answer; `ProviderError` where there is none."""
        messages = tuple(
            replace(message, content=str(without_orders(message.content)))
            for message in request.messages
        )
        return await self._recorded.complete(replace(request, messages=messages), on_text)

    async def aclose(self) -> None:
        """Nothing is open."""


class ObeyingModel(IgnoringModel):
    """Writes every order that it reads wherever its answer takes free text: the worst that a real model can do."""

    name = "obeying"

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The orders, in the form that was asked for; the recorded answer where the question holds none."""
        words = words_in([message.content for message in request.messages])
        if not words:
            return await super().complete(request, on_text)
        text = orders_of(words)
        if request.schema is not None:
            recorded = await self._recorded_value(request)
            text = json.dumps(_obeyed(request.schema, recorded, words), ensure_ascii=False)
        return ModelAnswer(text, request.model, Usage(calls=1))

    async def _recorded_value(self, request: ModelRequest) -> Value:
        try:
            return cast(Value, json.loads((await super().complete(request)).text))
        except (ProviderError, ValueError):
            return None


def _obeyed(schema: Frozen, recorded: Value, words: Collection[str]) -> Value:
    """An answer of the wanted form that holds the orders wherever it may: the recorded one, else one made up."""
    text = orders_of(words)
    value = obeyed(_made_up(schema, text) if recorded is None else recorded, words, schema)
    if misfit(value, schema) is not None:
        raise ProviderError(
            "no answer that obeys a planted order fits the schema that is asked for"
        )
    return value


def _made_up(schema: Value | Frozen, text: str) -> Value:
    """The simplest value of a plain schema."""
    if not isinstance(schema, dict):
        return text
    if isinstance(choices := schema.get("enum"), list) and choices:
        return choices[0]
    if "const" in schema:
        return schema["const"]
    match schema.get("type"):
        case "object":
            properties = cast(Object, schema.get("properties") or {})
            return {name: _made_up(below, text) for name, below in properties.items()}
        case "array":
            return [_made_up(schema.get("items") or {}, text)]
        case "number" | "integer":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "null":
            return None
    return text
