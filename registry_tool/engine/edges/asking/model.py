"""Asking a model for an edge: whose settings count, what form the answer must have, and reading it.

Settings come from the environment's overrides, else the edge's configuration, else the `llm` block that the edge
points at (or reads from), else DEFAULT_MODEL.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.inputs import check_value
from registry_tool.engine.providers.models.base import Message, ModelAnswer, ModelRequest
from registry_tool.manifest.json_schema.meet import contradiction, met
from registry_tool.manifest.requested import requested_schema

DEFAULT_MODEL = "gpt-4o-mini"
_ATTEMPTS = 4
_LONG, _MOST_LETTERS = 8_000, 12  # characters; a token of any common language has far fewer
_NO_ROOM = "length"  # the finish_reason of an answer that was cut
_ROLES = ("system", "user", "assistant")


async def ask(call: EdgeCall, services: Services, messages: Sequence[Message]) -> Value:
    """The model's answer: text, or a JSON value where a schema or `structured_output` asks for one.

    An answer of the wrong form is asked for again, with another seed; after some attempts it is an error.
    """
    if services.model is None:
        raise EdgeError("this run has no model", way_out="add --provider local, replay or openai")
    schema = wanted_schema(call)
    told = list(messages)
    if schema is not None:
        told = _with_form(told, schema)
    request = _request(call, services, told, schema)
    wrong = ""
    for attempt in range(_ATTEMPTS):
        started = time.perf_counter()
        answer = await services.model.complete(_again(request, attempt), _listener(call, services))
        _tell(call, services, request, answer, time.perf_counter() - started)
        _tell_of_length(call, services, request, answer)
        if answer.tool_calls:
            return with_calls(answer)
        if schema is None:
            return answer.text.strip() if _is_text(call) else _loose(answer.text)
        try:
            return _read(answer, schema)
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


def wanted_schema(call: EdgeCall) -> Frozen | None:
    """The schema that the answer must obey: `structured_output` and every target's; None where text is wanted.

    `EdgeError` where no answer can obey them all, before anybody is asked.
    """
    requested = requested_schema(call.config)
    wanted = None if requested is None else dict(requested)
    for target in call.edge.targets:
        schema = call.target_schemas.get(target, {})
        if not schema or (requested is None and _only_text(schema)):
            continue
        if clash := contradiction(wanted or {}, schema, whole=True):
            raise EdgeError(
                f"no answer fits both what is asked for and the schema of the block {target}: {clash}",
                place="config.structured_output",
            )
        wanted = met(wanted or {}, schema)
    if not wanted and call.config.get("structured_output") is True:
        return {"type": "object"}
    return None if wanted is None else closed(wanted)


def _only_text(schema: Frozen) -> bool:
    return schema.get("type") == "string" and "enum" not in schema


def closed(schema: Frozen) -> Object:
    """The schema with every named property required and no other allowed, at every depth."""
    result: Object = dict(schema)
    properties = schema.get("properties")
    if isinstance(properties, dict) and properties:
        result["type"] = "object"
        result["properties"] = {
            name: closed(below) if isinstance(below, dict) else below
            for name, below in sorted(properties.items(), key=_choices_first)
        }
        result["required"] = list[Value](sorted(properties))
        result["additionalProperties"] = False
    if isinstance(schema.get("items"), dict):
        result["items"] = closed(cast(Object, schema["items"]))
    return result


def _choices_first(item: tuple[str, Value]) -> bool:
    """A model that has chosen its label gives better numbers than one that has to begin with them."""
    return not (isinstance(item[1], dict) and "enum" in item[1])


def _with_form(messages: list[Message], schema: Frozen) -> list[Message]:
    """The wanted form in words, in the system message: small models need it, and none is harmed."""
    words = f"Answer with JSON only: {form(schema)}" if schema else "Answer with JSON only."
    if messages and messages[0].role == "system":
        return [Message("system", f"{messages[0].content}\n{words}"), *messages[1:]]
    return [Message("system", words), *messages]


def form(schema: Frozen) -> str:
    """A schema as a short pattern: `{"score": number from -1 to 1, "label": "a" or "b"}`."""
    enum = schema.get("enum")
    if isinstance(enum, list):
        return " or ".join(json.dumps(item, ensure_ascii=False) for item in enum)
    properties = schema.get("properties")
    if isinstance(properties, dict) and properties:
        inner = ", ".join(f'"{name}": {form(cast(Object, s))}' for name, s in properties.items())
        return f"{{{inner}}}"
    if schema.get("type") == "array":
        items = schema.get("items")
        return f"[{form(items) if isinstance(items, dict) and items else 'value'}, …]"
    kind = str(schema.get("type", "value"))
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f"{kind} from {json.dumps(low)} to {json.dumps(high)}{_examples(kind, low, high)}"
    return kind


def _examples(kind: str, low: Value, high: Value) -> str:
    """Two numbers well inside a range: without them small models only ever answer its ends."""
    if kind != "number" or not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    inset = 0.15 * (high - low)
    return f", such as {round(low + inset, 2):g} or {round(high - inset, 2):g}"


def _again(request: ModelRequest, attempt: int) -> ModelRequest:
    if attempt == 0:
        return request
    seed = (request.seed if request.seed is not None else 0) + 1000 * attempt
    return replace(request, seed=seed)


def _request(
    call: EdgeCall, services: Services, messages: list[Message], schema: Frozen | None
) -> ModelRequest:
    settings = model_settings(call, services)
    temperature, most = settings.get("temperature"), settings.get("max_tokens")
    address = str(settings.get("base_url") or "")
    return ModelRequest(
        model=str(settings["model"]),
        messages=tuple(messages),
        temperature=float(temperature) if isinstance(temperature, int | float) else None,
        max_tokens=most if isinstance(most, int) and not isinstance(most, bool) else None,
        schema=schema,
        base_url=address,
        hosts=services.model_hosts,
        trusted=services.is_operators(address),
        tools=_tools(call.config.get("tools")),
        parameters=_parameters(call.config),
    )


def _tools(value: Value) -> tuple[Frozen, ...]:
    """Functions that the model may call, as `{name, parameters}` or in OpenAI's `{type, function}`."""
    if value is None:
        return ()
    found: list[Frozen] = []
    for item in value if isinstance(value, list) else [value]:
        inner = item.get("function", item) if isinstance(item, dict) else None
        if not isinstance(inner, dict) or not isinstance(inner.get("name"), str):
            raise EdgeError(
                "tools is a list of {name, description, parameters}", place="config.tools"
            )
        found.append(inner)
    return tuple(found)


def _parameters(config: Frozen) -> Object:
    """What else a chat completion may be told; a server that doesn't know one says so."""
    keys = ("top_p", "stop", "presence_penalty", "frequency_penalty")
    return {key: config[key] for key in keys if config.get(key) not in (None, "", [])}


def model_settings(call: EdgeCall, services: Services) -> Object:
    """`model`, `temperature`, `max_tokens` and `base_url` that count for an edge."""
    settings: Object = {"model": DEFAULT_MODEL}
    for block in (*call.sources, *call.targets):
        if block.type == "llm":
            if "model" in block.metadata:
                settings["model"] = block.metadata["model"]
            settings.update(_known(block.config))
    settings.update(_known(call.config))
    overrides = dict(services.overrides)
    if "llm_model" in overrides:
        overrides["model"] = overrides.pop("llm_model")
    settings.update(_known(overrides))
    return settings


def _known(item: Frozen) -> Object:
    keys = ("model", "temperature", "max_tokens", "base_url")
    return {key: item[key] for key in keys if item.get(key) not in (None, "")}


def _tell(
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


def _tell_of_length(
    call: EdgeCall, services: Services, request: ModelRequest, answer: ModelAnswer
) -> None:
    """An answer that ended because there was no more room, where its author set no bound for it; a cut prompt.

    Some servers (Ollama is one) drop what their context can't hold, and only the tokens that they count show it.
    """
    read, written = answer.usage.input_tokens, answer.usage.output_tokens
    asked = sum(len(message.content) for message in request.messages)
    if answer.finish_reason == _NO_ROOM and written != (request.max_tokens or -1):
        _left_out(
            call,
            services,
            f"the answer of {answer.model} ends after {written} tokens, where its room ended",
        )
    if read and asked > max(_LONG, read * _MOST_LETTERS):
        _left_out(
            call,
            services,
            f"the server of {answer.model} counted {read:,} tokens in a prompt of {asked:,} characters: "
            "it may have cut it",
        )


def _left_out(call: EdgeCall, services: Services, what: str) -> None:
    services.emit(events.TEXT_LEFT_OUT, {"edge": call.edge.id, "what": what})


def _read(answer: ModelAnswer, schema: Frozen) -> Value:
    value = _json(answer.text)
    check_value(value, schema, "the model's answer")
    return value


def _json(text: str) -> Value:
    bare = text.strip()
    if bare.startswith("```"):
        bare = bare.split("\n", 1)[-1].rsplit("```", 1)[0]
    try:
        return cast(Value, json.loads(bare))
    except ValueError:
        raise EdgeError(f"the model's answer is not JSON: {bare[:80]!r}") from None


def _is_text(call: EdgeCall) -> bool:
    return all(block.type != "structured" for block in call.targets)


def _loose(text: str) -> Value:
    """What a structured block gets where no JSON was asked for: JSON if it is some, else the text."""
    try:
        return _json(text)
    except EdgeError:
        return text.strip()


def as_messages(value: Value) -> list[Message]:
    """`messages` of a configuration, expanded already; `EdgeError` names the wrong one."""
    if not isinstance(value, list):
        raise EdgeError("messages must be a list of {role, content}", place="config.messages")
    messages: list[Message] = []
    for position, item in enumerate(value):
        if not isinstance(item, dict) or item.get("role") not in _ROLES:
            raise EdgeError(
                "a message needs a role (system, user, assistant) and content",
                place=f"config.messages[{position}]",
            )
        content = item.get("content")
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        messages.append(Message(item["role"], text))  # type: ignore[arg-type]
    return messages
