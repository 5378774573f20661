"""A server's chat completion as an answer, whole or put together from a stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import (
    ModelAnswer,
    OnText,
    ToolCall,
    Usage,
    count_of,
)

DONE = "[DONE]"


def answer_of(value: Value) -> ModelAnswer:
    """The answer in a whole reply; a transient `ProviderError` where there is none."""
    choice = _first(value)
    message = choice.get("message") if choice else None
    if choice is None or not isinstance(message, dict):
        raise ProviderError("the model's server sent no chat completion", transient=True)
    reply = cast(Frozen, value)
    return ModelAnswer(
        text=_text(message.get("content")),
        model=str(reply.get("model") or ""),
        usage=usage_of(reply.get("usage")),
        finish_reason=str(choice.get("finish_reason") or "stop"),
        tool_calls=tuple(_calls(message.get("tool_calls"))),
    )


def _calls(value: Value) -> Iterator[ToolCall]:
    for call in _objects(value):
        inner = call.get("function")
        if isinstance(inner, dict):
            name, arguments = inner.get("name"), inner.get("arguments")
            yield ToolCall(str(name or ""), str(arguments or "{}"), str(call.get("id") or ""))


def usage_of(value: Value) -> Usage:
    """Tokens of one call; those that a server does not tell count as none, with a cost that is not known."""
    fields = value if isinstance(value, dict) else {}
    prompt, answered = fields.get("prompt_tokens"), fields.get("completion_tokens")
    return Usage(count_of(prompt), count_of(answered), calls=1, cost_usd=None)


def _text(content: Value) -> str:
    """Text, or the texts of its parts."""
    if isinstance(content, list):
        return "".join(str(part.get("text") or "") for part in _objects(content))
    return content if isinstance(content, str) else ""


def _first(value: Value) -> Object | None:
    choices = value.get("choices") if isinstance(value, dict) else None
    found = _objects(choices)
    return found[0] if found else None


def _objects(value: Value) -> list[Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


@dataclass(slots=True)
class StreamedAnswer:
    """An answer that comes in pieces; each piece of text is passed on."""

    on_text: OnText
    model: str = ""
    usage: Value = None
    finish_reason: str = ""
    ended: bool = False
    texts: list[str] = field(default_factory=list)
    calls: dict[int, dict[str, str]] = field(default_factory=dict)

    def add(self, data: str) -> None:
        """One `data:` of the stream; `ProviderError` for what is not a piece of a chat completion."""
        if data == DONE:
            self.ended = True
            return
        try:
            value = cast(Value, json.loads(data))
        except (ValueError, RecursionError):
            raise self.broken("the model's server sent no JSON in its stream") from None
        self.take(value)

    def take(self, value: Value) -> None:
        """One piece; `ProviderError` where it is an error."""
        if not isinstance(value, dict):
            return
        if value.get("error") and not value.get("choices"):
            error = json.dumps(value["error"], ensure_ascii=False)[:300]
            raise self.broken(f"the model's server stopped: {error}")
        self.model = str(value.get("model") or self.model)
        self.usage = value.get("usage") or self.usage
        if (choice := _first(value)) is not None:
            self.finish_reason = str(choice.get("finish_reason") or self.finish_reason)
            delta = choice.get("delta")
            if isinstance(delta, dict):
                self._take_delta(delta)

    def _take_delta(self, delta: Object) -> None:
        if text := _text(delta.get("content")):
            self.texts.append(text)
            self.on_text(text)
        for call in _objects(delta.get("tool_calls")):
            index, function = call.get("index"), call.get("function")
            known = self.calls.setdefault(
                index if isinstance(index, int) else 0, {"id": "", "name": "", "arguments": ""}
            )
            known["id"] = str(call.get("id") or known["id"])
            for key in ("name", "arguments"):
                piece: Value = function.get(key) if isinstance(function, Mapping) else None
                known[key] += piece if isinstance(piece, str) else ""

    def answer(self) -> ModelAnswer:
        """The whole; `ProviderError` where the stream ended before the answer did."""
        if not (self.ended or self.finish_reason):
            raise self.broken("the model's server broke its answer off")
        calls = [known for _, known in sorted(self.calls.items())]
        return ModelAnswer(
            "".join(self.texts),
            self.model,
            usage_of(self.usage),
            self.finish_reason or "stop",
            tuple(ToolCall(c["name"], c["arguments"] or "{}", c["id"]) for c in calls),
        )

    def broken(self, reason: str) -> ProviderError:
        """A stream's failure: worth another attempt only while nobody has read a piece of it."""
        when = " after its beginning was passed on" if self.texts else ""
        return ProviderError(f"{reason}{when}", transient=not self.texts)
