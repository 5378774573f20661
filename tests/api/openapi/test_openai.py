"""OpenAI's own client sends what is described."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openai.types.chat.completion_create_params import CompletionCreateParamsNonStreaming
from openai.types.responses.response_create_params import ResponseCreateParamsNonStreaming

from registry_tool.api.openapi.openai import PATHS

DOCUMENT: Any = PATHS
CHAT: CompletionCreateParamsNonStreaming = {
    "model": "hello@^1",
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Ada"}]},
    ],
    "temperature": 0.5,
}
RESPONSE: ResponseCreateParamsNonStreaming = {"model": "hello", "input": "Ada", "store": False}


@pytest.mark.parametrize(
    ("path", "body", "fits"),
    [
        ("/v1/chat/completions", CHAT, True),
        ("/v1/chat/completions", {"model": "hello"}, False),
        ("/v1/responses", RESPONSE, True),
        ("/v1/responses", {"model": "hello", "input": 1}, False),
    ],
)
def test_requests_fit(path: str, body: object, fits: bool) -> None:
    schema = DOCUMENT[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert Draft202012Validator(schema).is_valid(body) is fits
