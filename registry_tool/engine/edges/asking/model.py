"""Asking a model for an edge, again where the answer has not the form that it must have.

Whose settings count stands in `settings.py`, the form of the answer in `answer_form.py`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.answer_form import (
    loosely_read,
    read_answer,
    wanted_schema,
    wants_text,
    with_form,
)
from registry_tool.engine.edges.asking.settings import AnswerConfig, ModelConfig, model_settings
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest

_ATTEMPTS = 4
_LONG, _MOST_LETTERS = 8_000, 12  # characters; a token of any common language has far fewer
_NO_ROOM = "length"  # the finish_reason of an answer that was cut
_ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Question:
    """What a model is asked: the settings are those of the edge's configuration.

    `structured_output` is what the answer must be besides what the targets say: false for text, true for an
    object, or a JSON Schema. `tools` are functions that the model may call, each `{name, …}`.
    """

    messages: Sequence[Message]
    config: ModelConfig
    structured_output: bool | Frozen = False
    tools: tuple[Frozen, ...] = ()


def answering(config: AnswerConfig, messages: Sequence[Message]) -> Question:
    """The question of an edge whose configuration says what form the answer has."""
    return Question(messages, config, config.structured_output, config.tools)


async def ask(call: EdgeCall, services: Services, question: Question) -> Value:
    """The model's answer: text, or a JSON value where a schema or `structured_output` asks for one.

    An answer of the wrong form is asked for again, with another seed; after some attempts it is an error.
    """
    if services.model is None:
        raise MissingServiceError(
            "this run has no model", hint="add --provider local, replay or openai"
        )
    schema = wanted_schema(call, question.structured_output)
    messages = list(question.messages)
    if schema is not None:
        messages = with_form(messages, schema)
    request = _request(call, services, replace(question, messages=messages), schema)
    wrong = ""
    for attempt in range(_ATTEMPTS):
        started = time.perf_counter()
        answer = await services.model.complete(_again(request, attempt), _listener(call, services))
        _emit_call(call, services, request, answer, time.perf_counter() - started)
        _emit_cut_off(call, services, request, answer)
        if answer.tool_calls and question.tools:  # a server may send some that nobody asked for
            return with_calls(answer)
        if schema is None:
            return answer.text.strip() if wants_text(call) else loosely_read(answer.text)
        try:
            return read_answer(answer, schema)
        except RegistryError as error:
            wrong = str(error)
    raise EdgeError(f"the model {request.model} gave no usable answer: {wrong}")


def with_calls(answer: ModelAnswer) -> Object:
    """An answer that wants functions called: `{text, tool_calls}`, the calls in OpenAI's form."""
    return {"text": answer.text, "tool_calls": [call.to_value() for call in answer.tool_calls]}


def _listener(call: EdgeCall, services: Services) -> Callable[[str], None] | None:
    if services.on_text is None:
        return None
    return partial(services.on_text, call.edge.id)


def _again(request: ModelRequest, attempt: int) -> ModelRequest:
    if attempt == 0:
        return request
    seed = (request.seed if request.seed is not None else 0) + 1000 * attempt
    return replace(request, seed=seed)


def _request(
    call: EdgeCall, services: Services, question: Question, schema: Frozen | None
) -> ModelRequest:
    settings = model_settings(call, services, question.config)
    temperature = settings.temperature
    return ModelRequest(
        model=settings.model,
        messages=tuple(question.messages),
        temperature=None if temperature is None else float(temperature),
        max_tokens=settings.max_tokens,
        schema=schema,
        base_url=settings.base_url,
        hosts=services.model_hosts,
        trusted=services.is_operators(settings.base_url),
        tools=question.tools,
        parameters=question.config.parameters(),
    )


def _emit_call(
    call: EdgeCall, services: Services, request: ModelRequest, answer: ModelAnswer, seconds: float
) -> None:
    services.emit(
        events.MODEL_CALLED,
        {
            "edge": call.edge.id,
            "provider": services.model.name if services.model else "",
            "model": request.model,
            "answered_by": answer.model,
            "finish_reason": answer.finish_reason,
            "usage": cast(Value, answer.usage.to_value()),
            "seconds": round(seconds, 6),
        },
    )
    if answer.doubt:
        services.emit(events.USAGE_DOUBTED, {"edge": call.edge.id, "what": answer.doubt})


def _emit_cut_off(
    call: EdgeCall, services: Services, request: ModelRequest, answer: ModelAnswer
) -> None:
    """An answer that ended because there was no more room, where its author set no bound for it; a cut prompt.

    Some servers (Ollama is one) drop what their context can't hold, and only the tokens that they count show it.
    """
    read, written = answer.usage.input_tokens, answer.usage.output_tokens
    length = sum(len(message.content) for message in request.messages)
    if answer.finish_reason == _NO_ROOM and written != (request.max_tokens or -1):
        _left_out(
            call,
            services,
            f"the answer of {answer.model} ends after {written} tokens, where its room ended",
        )
    if read and length > max(_LONG, read * _MOST_LETTERS):
        _left_out(
            call,
            services,
            f"the server of {answer.model} counted {read:,} tokens in a prompt of {length:,} characters: "
            "it may have cut it",
        )


def _left_out(call: EdgeCall, services: Services, what: str) -> None:
    services.emit(events.TEXT_LEFT_OUT, {"edge": call.edge.id, "what": what})


def as_messages(value: Value) -> list[Message]:
    """`messages` of a configuration, expanded already; `EdgeError` names the wrong one."""
    if not isinstance(value, list):
        raise EdgeError("messages must be a list of {role, content}", location="config.messages")
    messages: list[Message] = []
    for position, item in enumerate(value):
        if not isinstance(item, dict) or item.get("role") not in _ROLES:
            raise EdgeError(
                "a message needs a role (system, user, assistant) and content",
                location=f"config.messages[{position}]",
            )
        content = item.get("content")
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        messages.append(Message(item["role"], text))  # type: ignore[arg-type]
    return messages
