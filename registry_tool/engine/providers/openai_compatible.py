"""Any server that speaks OpenAI's chat completions, through the `openai` client.

The operator's key goes to the operator's address only (`OPENAI_BASE_URL`, by default OpenAI's). A workflow that
names another `base_url` is asked with the key in `OPENAI_API_KEY__<HOST>` (every other character than letters and
digits as `_`), or with none: a stranger's manifest can't send the key elsewhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from registry_tool.engine.providers.base import (
    ModelAnswer,
    ModelRequest,
    OnText,
    ProviderError,
    Usage,
)

DEFAULT_BASE_URL = "https://api.openai.com/v1"
_NO_KEY = "none"
_TRANSIENT = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


class OpenAIProvider:
    """Asks over HTTP. `timeout` is in seconds; retries are `Retrying`'s work."""

    name = "openai"

    def __init__(
        self, environment: Mapping[str, str] | None = None, *, timeout: float = 120.0
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._timeout = timeout
        self._clients: dict[str, Any] = {}  # openai is imported lazily

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The server's answer; `ProviderError` says whether another attempt may help."""
        import openai

        try:
            reply = await self._client(request.base_url).chat.completions.create(**_body(request))
        except openai.APIStatusError as error:
            raise _status_error(error) from None
        except openai.APIConnectionError as error:
            cause = error.__cause__ or error
            raise ProviderError(
                f"the model's server can't be reached: {cause}",
                transient=True,
                place=self._address(request.base_url),
            ) from None
        except openai.OpenAIError as error:
            raise ProviderError(f"the model's server gave no answer: {error}") from None
        except ValueError as error:  # the client lets broken JSON through
            raise ProviderError(
                f"the model's server sent no JSON: {error}",
                transient=True,
                place=self._address(request.base_url),
            ) from None
        return _answer(reply)

    async def aclose(self) -> None:
        """Close all connections."""
        for client in self._clients.values():
            await client.close()

    def _address(self, wanted: str) -> str:
        return wanted or self._environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL

    def _client(self, wanted: str) -> Any:
        import openai

        address = self._address(wanted)
        if address not in self._clients:
            self._clients[address] = openai.AsyncOpenAI(
                base_url=address,
                api_key=self._key(address),
                timeout=self._timeout,
                max_retries=0,
            )
        return self._clients[address]

    def _key(self, address: str) -> str:
        if address == self._address(""):
            key = self._environment.get("OPENAI_API_KEY", "")
            if not key and address == DEFAULT_BASE_URL:
                raise ProviderError(
                    "no key for the model's server is set",
                    place=address,
                    way_out="set OPENAI_API_KEY, or add --provider local",
                )
            return key or _NO_KEY
        host = re.sub(r"[^A-Za-z0-9]", "_", urlsplit(address).hostname or "").upper()
        return self._environment.get(f"OPENAI_API_KEY__{host}", _NO_KEY)


def _body(request: ModelRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": request.model,
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        **request.parameters,
    }
    for key in ("temperature", "max_tokens", "seed"):
        if (value := getattr(request, key)) is not None:
            body[key] = value
    if request.schema is not None:
        body["response_format"] = _format(dict(request.schema))
    return body


def _format(schema: dict[str, Any]) -> dict[str, Any]:
    if not schema.get("properties") and schema.get("type") in {None, "object"}:
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}


def _status_error(error: Any) -> ProviderError:
    code = error.status_code
    wait = error.response.headers.get("retry-after", "")
    ways = {
        401: "look at OPENAI_API_KEY",
        403: "look at the key's rights",
        404: "look at the model's name and the base_url",
    }
    return ProviderError(
        f"the model's server answered {code}: {str(error.message)[:300]}",
        transient=code in _TRANSIENT,
        retry_after=float(wait) if re.fullmatch(r"\d+(\.\d+)?", wait) else None,
        way_out=ways.get(code, ""),
    )


def _answer(reply: Any) -> ModelAnswer:
    if not getattr(reply, "choices", None):
        raise ProviderError("the model's server sent no chat completion", transient=True)
    choice, usage = reply.choices[0], reply.usage
    return ModelAnswer(
        text=choice.message.content or "",
        model=reply.model or "",
        usage=Usage(usage.prompt_tokens, usage.completion_tokens, 1) if usage else Usage(calls=1),
        finish_reason=choice.finish_reason or "stop",
    )
