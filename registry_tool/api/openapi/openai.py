"""What a live registry answers to OpenAI's clients: https://platform.openai.com/docs/api-reference.

Members that a workflow settles by itself are read and left; they are not listed.
"""

from __future__ import annotations

from typing import Final

from registry_tool.api.openapi.parts import (
    IDEMPOTENT,
    OBJECT,
    STRING,
    TOO_MANY,
    UNCHANGED,
    answer,
    body,
    open_operation,
    operation,
    path_parameter,
    ref,
)
from registry_tool.api.openapi.runs import REFUSED
from registry_tool.core.values import Object, Value

_FAILED: Final = (500, "The run failed; `code` says how")


def _errors(*statuses: tuple[int, str]) -> Object:
    return {
        str(status): answer(about, ref("OpenAIError")) for status, about in (TOO_MANY, *statuses)
    }


_MODEL_NAME: Final[Object] = {
    "type": "string",
    "minLength": 1,
    "description": "`name`, `name@range` or `name:version`",
    "examples": ["hello@^1"],
}
_WORDS: Final[Object] = {"text/event-stream": {"schema": STRING}}
_MODELS: Final = open_operation(
    "listModels",
    "Workflows as models",
    [],
    {"200": answer("All, by name", ref("ModelList")), **UNCHANGED, **_errors((400, "A parameter"))},
)
_MODEL: Final = open_operation(
    "getModel",
    "A workflow as a model",
    [path_parameter("model", _MODEL_NAME)],
    {
        "200": answer("The model", ref("Model")),
        **UNCHANGED,
        **_errors((400, "A parameter"), (404, "There is no such model")),
    },
)


def _answering(name: str, summary: str, result: Object, request: Object) -> Object:
    content: Object = {"application/json": {"schema": result}, **_WORDS}
    return operation(
        name,
        summary,
        [IDEMPOTENT],
        {
            "200": {"description": "The answer; as it comes with `stream`", "content": content},
            **_errors(*REFUSED, _FAILED),
        },
        requestBody=body("application/json", request),
    )


_INPUTS: Final[Object] = {
    "type": ["object", "null"],
    "description": "Inputs by name, instead of a message",
}


def _request(required: list[Value], properties: Object) -> Object:
    return {
        "type": "object",
        "properties": {
            "model": _MODEL_NAME,
            "stream": {"type": "boolean"},
            "inputs": _INPUTS,
            **properties,
        },
        "required": ["model", *required],
    }


_PART: Final[Object] = {
    "type": "object",
    "properties": {"type": {"enum": ["text", "input_text", "output_text"]}, "text": STRING},
    "required": ["type", "text"],
}
_MESSAGES: Final[Object] = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "role": {"enum": ["system", "developer", "user", "assistant", "tool"]},
            "content": {"anyOf": [STRING, {"type": "null"}, {"type": "array", "items": _PART}]},
        },
        "required": ["role"],
    },
    "examples": [[{"role": "user", "content": "Ada"}]],
}
_CHAT: Final = _answering(
    "createChatCompletion",
    "Run a workflow by a conversation",
    ref("ChatCompletion"),
    _request(["messages"], {"messages": _MESSAGES, "stream_options": OBJECT}),
)
_RESPONSES: Final = _answering(
    "createResponse",
    "Run a workflow by a text or messages",
    ref("Response"),
    _request(
        [],
        {"input": {"anyOf": [STRING, _MESSAGES]}, "instructions": {"type": ["string", "null"]}},
    ),
)
PATHS: Final[Object] = {
    "/v1/models": {"get": _MODELS},
    "/v1/models/{model}": {"get": _MODEL},
    "/v1/chat/completions": {"post": _CHAT},
    "/v1/responses": {"post": _RESPONSES},
}


def _answered(kind: str, properties: Object) -> Object:
    return {
        "type": "object",
        "properties": {
            "id": STRING,
            "object": {"const": kind},
            "model": STRING,
            **properties,
        },
        "required": ["id", "object", "model", *properties],
    }


SCHEMAS: Final[Object] = {
    "Model": {
        "type": "object",
        "properties": {
            "id": STRING,
            "object": {"const": "model"},
            "created": {"type": "integer"},
            "owned_by": STRING,
        },
        "required": ["id", "object", "created", "owned_by"],
    },
    "ModelList": {
        "type": "object",
        "properties": {
            "object": {"const": "list"},
            "data": {"type": "array", "items": ref("Model")},
        },
        "required": ["object", "data"],
    },
    "ChatCompletion": _answered(
        "chat.completion",
        {
            "created": {"type": "integer"},
            "choices": {"type": "array", "items": OBJECT},
            "usage": OBJECT,
        },
    ),
    "Response": _answered(
        "response",
        {
            "created_at": {"type": "integer"},
            "status": STRING,
            "output": {"type": "array", "items": OBJECT},
            "usage": OBJECT,
        },
    ),
    "OpenAIError": {
        "type": "object",
        "properties": {
            "error": {
                "type": "object",
                "properties": {
                    "message": STRING,
                    "type": STRING,
                    "param": {"type": ["string", "null"]},
                    "code": {"type": ["string", "null"]},
                },
                "required": ["message", "type"],
            }
        },
        "required": ["error"],
    },
}
