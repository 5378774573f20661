"""A question as the body of OpenAI's chat completions, in the dialect that a server speaks.

Servers differ in what they know. A server that refuses a part with 400 or 422 is asked again without it, and what
was learnt stays for its further questions: JSON by schema falls back to any JSON, then to the form in words, which
stands in the question anyway.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, cast

from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.providers.models.base import Message, ModelRequest

_IMAGES: Final = re.compile(
    r"image|multi-?modal|vision|content.{0,40}(string|array|list|parts?)", re.IGNORECASE | re.DOTALL
)
SCHEMA, JSON, WORDS = "json_schema", "json_object", "words"


class Dialect(Record, frozen=True):
    """What a server takes. `form` is how the form of an answer is requested."""

    form: str = SCHEMA
    most_tokens: str = "max_tokens"
    temperature: bool = True
    seed: bool = True
    usage_in_stream: bool = True


def body_of(request: ModelRequest, dialect: Dialect, *, stream: bool = False) -> Object:
    """The JSON body of a question."""
    body: Object = {
        "model": request.model,
        "messages": [{"role": m.role, "content": _content(m)} for m in request.messages],
        **request.parameters,
    }
    if request.temperature is not None and dialect.temperature:
        body["temperature"] = request.temperature
    if request.max_tokens is not None:
        body[dialect.most_tokens] = request.max_tokens
    if request.seed is not None and dialect.seed:
        body["seed"] = request.seed
    if request.schema is not None and dialect.form != WORDS:
        body["response_format"] = _format(request.schema, dialect.form)
    if request.tools:
        body["tools"] = [{"type": "function", "function": dict(tool)} for tool in request.tools]
    if stream:
        body["stream"] = True
        if dialect.usage_in_stream:
            body["stream_options"] = {"include_usage": True}
    return body


def _content(message: Message) -> Value:
    """A text, or parts: pictures first, as Dify and most guides order them."""
    if not message.images:
        return message.content
    shown: list[Value] = [
        {"type": "image_url", "image_url": {"url": image.url()}} for image in message.images
    ]
    text: list[Value] = [{"type": "text", "text": message.content}] if message.content else []
    return [*shown, *text]


def refuses_images(request: ModelRequest, refusal: str) -> bool:
    """Whether a server's refusal is about the pictures of a question; there is no standard for its words."""
    return bool(request.images) and bool(_IMAGES.search(refusal))


def _format(schema: Frozen, form: str) -> Object:
    anything = not schema.get("properties") and schema.get("type") in {None, "object"}
    if anything or form == JSON:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": dict(schema)}}


def simpler(dialect: Dialect, request: ModelRequest, refusal: str) -> Dialect | None:
    """The dialect without what a server's refusal names; None where it names nothing that can be left out."""
    text = refusal.lower()
    if "max_completion_tokens" in text and dialect.most_tokens == "max_tokens":
        return replace(dialect, most_tokens="max_completion_tokens")
    if "stream_options" in text and dialect.usage_in_stream:
        return replace(dialect, usage_in_stream=False)
    if any(word in text for word in ("response_format", "json_schema", "schema", "grammar")):
        if request.schema is None or dialect.form == WORDS:
            return None
        response_format = cast(Object, body_of(request, dialect).get("response_format"))
        return replace(dialect, form=JSON if response_format["type"] == SCHEMA else WORDS)
    if "temperature" in text and dialect.temperature and request.temperature is not None:
        return replace(dialect, temperature=False)
    if "seed" in text and dialect.seed and request.seed is not None:
        return replace(dialect, seed=False)
    return None


def refusal_of(value: Value) -> str:
    """The words of a server's error: `{"error": {"message", "param"}}` and its relatives."""
    inner = value.get("error", value) if isinstance(value, dict) else value
    if isinstance(inner, dict):
        parts = [inner.get(key) for key in ("message", "detail", "param")]
        return " ".join(part for part in parts if isinstance(part, str))
    return inner if isinstance(inner, str) else ""
