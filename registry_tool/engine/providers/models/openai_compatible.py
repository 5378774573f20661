"""Any server that speaks OpenAI's chat completions (docs/adr/0012 says why it is asked without OpenAI's client).

The operator's key goes to the operator's address only (`OPENAI_BASE_URL`, by default OpenAI's). A workflow that
names another `base_url` is asked with the key in `OPENAI_API_KEY__<HOST>` (`secret_variable`), over https or on
this machine, or with none: a stranger's manifest can't send the key elsewhere. Redirects are not followed.
Unless the operator set that address, too, its host must be declared and public, as an `http` edge's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.guarded_fetcher import GuardedFetcher, private_hosts
from registry_tool.engine.providers.models.base import (
    ImagesError,
    ModelAnswer,
    ModelRequest,
    OnText,
)
from registry_tool.engine.providers.models.chat.http import (
    CAN_ADAPT,
    CAN_REFUSE_IMAGES,
    MOST_BYTES,
    ChatHttp,
    key_for,
    read_bounded,
    status_error,
    too_large,
)
from registry_tool.engine.providers.models.chat.request import (
    Dialect,
    body_of,
    refusal_of,
    refuses_images,
    simpler,
)
from registry_tool.engine.providers.models.chat.response import StreamedAnswer, answer_of
from registry_tool.engine.providers.models.context import too_long_of

if TYPE_CHECKING:
    from aiohttp import ClientResponse

DEFAULT_BASE_URL = "https://api.openai.com/v1"
_OK = 200


class OpenAIProvider:
    """Asks over HTTP. `timeout` is in seconds and for a whole answer; retries are `Retrying`'s work."""

    name = "openai"

    def __init__(
        self, environment: Mapping[str, str] | None = None, *, timeout: float = 120.0
    ) -> None:
        self._environment = os.environ if environment is None else environment
        self._http = ChatHttp(timeout)
        self._guarded = ChatHttp(
            timeout, guard=GuardedFetcher((), private_hosts(self._environment))
        )
        self._dialects: dict[tuple[str, str], Dialect] = {}

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The server's answer; `ProviderError` says whether another attempt may help."""
        address = self._address(request.base_url)
        key = key_for(address, self._address(""), self._environment, DEFAULT_BASE_URL)
        http = self._way_to(address, request)
        spoken = address, request.model
        while True:
            dialect = self._dialects.get(spoken, Dialect())
            body = body_of(request, dialect, stream=on_text is not None)
            async with http.post(f"{address}/chat/completions", body, key.value) as response:
                if response.status == _OK:
                    return await (_streamed(response, on_text) if on_text else _whole(response))
                refused = await _refusal_text(response)
                if too_long := too_long_of(refused, request.model, address):
                    raise too_long
                plainer = simpler(dialect, request, refused)
                if response.status not in CAN_ADAPT or plainer is None:
                    error = status_error(response, refused, address, key)
                    if response.status in CAN_REFUSE_IMAGES and refuses_images(request, refused):
                        raise ImagesError(error.reason, location=address)
                    raise error
            self._dialects[spoken] = plainer

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()
        await self._guarded.aclose()

    def _way_to(self, address: str, request: ModelRequest) -> ChatHttp:
        """Straight to an operator's address; to another one's only where it is declared and public."""
        if request.trusted or address == self._address(""):
            return self._http
        GuardedFetcher(request.hosts, private_hosts(self._environment)).checked(address)
        return self._guarded

    def _address(self, wanted: str) -> str:
        known = wanted or self._environment.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL
        return known.rstrip("/")


async def _whole(response: ClientResponse) -> ModelAnswer:
    data = await read_bounded(response)
    try:
        return answer_of(cast(Value, json.loads(data)))
    except (ValueError, RecursionError):
        kind = response.headers.get("content-type", "nothing that it names")
        raise ProviderError(
            f"the model's server sent no JSON but {kind[:80]}",
            transient=True,
            location=str(response.url.with_query(None)),
            hint="look at the base_url: it usually ends in /v1",
        ) from None


async def _streamed(response: ClientResponse, on_text: OnText) -> ModelAnswer:
    """Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), `data:` lines only."""
    if "event-stream" not in response.headers.get("content-type", ""):
        answer = await _whole(response)  # a server that can't stream
        on_text(answer.text)
        return answer
    gathered, size = StreamedAnswer(on_text), 0
    try:
        async for line in response.content:
            size += len(line)
            if size > MOST_BYTES:
                raise too_large(response)
            if line.startswith(b"data:"):
                gathered.add(line[5:].decode("utf-8", "replace").strip())
            if gathered.ended:
                break
    except ValueError:  # a line longer than the client's buffer
        raise too_large(response) from None
    except ProviderError:
        raise
    except (OSError, ChatHttp.broken()) as error:
        raise gathered.broken(f"the model's server broke its answer off ({error})") from None
    return gathered.answer()


async def _refusal_text(response: ClientResponse) -> str:
    """What a server says when it refuses."""
    data = await read_bounded(response)
    try:
        value = cast(Object, json.loads(data))
    except (ValueError, RecursionError):
        return data[:300].decode("utf-8", "replace")
    return refusal_of(value) or json.dumps(value, ensure_ascii=False)[:300]
