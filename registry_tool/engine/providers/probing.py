"""Can this model be asked? A server's list of models, else one question of a few tokens; nothing tells the key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from registry_tool.core.suggest import nearest
from registry_tool.core.values import Object
from registry_tool.engine.providers.embeddings.openai import OpenAIEmbedder
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.guarded_fetcher import GuardedFetcher, private_hosts
from registry_tool.engine.providers.models.base import Message, ModelRequest
from registry_tool.engine.providers.models.chat.http import (
    ApiKey,
    ChatHttp,
    key_for,
    read_bounded,
    status_error,
)
from registry_tool.engine.providers.models.openai_compatible import DEFAULT_BASE_URL, OpenAIProvider
from registry_tool.engine.providers.models.retry import Retrying

_SECONDS = 20.0
_TOKENS = 16  # some servers refuse to answer in fewer
_OK, _DENIED = 200, frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class ProbeQuestion:
    """A model at an address (empty: the operator's); `embeds` says that vectors are wanted, not words.

    `hosts` and `trusted` are those of a `ModelRequest`.
    """

    model: str
    base_url: str = ""
    embeds: bool = False
    hosts: frozenset[str] = frozenset()
    trusted: bool = False


def prove_model(question: ProbeQuestion, environ: Mapping[str, str]) -> str:
    """What was proved, in words; `ProviderError` where the model can't be asked."""
    return asyncio.run(_prove(question, environ))


async def _prove(question: ProbeQuestion, environ: Mapping[str, str]) -> str:
    own = (environ.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL).rstrip("/")
    address = (question.base_url or own).rstrip("/")
    key = key_for(address, own, environ, DEFAULT_BASE_URL)
    host = _host(address)
    foreign = address != own and not question.trusted
    guard = GuardedFetcher(question.hosts, private_hosts(environ)) if foreign else None
    if guard:
        guard.checked(address)
    listed = await _listed(address, key, guard)
    if question.model in listed:
        return f"{host} lists {question.model}"
    try:
        await _question(question, environ)
    except ProviderError as error:
        meant = nearest(question.model, listed)
        raise ProviderError(
            f"{question.model} can't be asked at {host}: {error.reason}",
            location=error.location,
            hint=f"did you mean {meant}?" if meant else error.hint,
        ) from None
    return f"{host} answered as {question.model}"


async def _listed(address: str, key: ApiKey, guard: GuardedFetcher | None) -> Sequence[str]:
    """Models that a server lists; none where it has no list. `ProviderError`: no answer, or the key is refused."""
    http = ChatHttp(_SECONDS, guard)
    try:
        async with http.get(f"{address}/models", key.value) as response:
            if response.status in _DENIED:
                raise status_error(response, "the key is not accepted", address, key)
            if response.status != _OK:
                return ()
            return _names(await read_bounded(response))
    finally:
        await http.aclose()


def _names(data: bytes) -> Sequence[str]:
    try:
        value = cast(Object, json.loads(data))
        return [str(item["id"]) for item in cast(list[Object], value["data"])]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()


async def _question(question: ProbeQuestion, environ: Mapping[str, str]) -> None:
    if question.embeds:
        await OpenAIEmbedder(question.model, environ, timeout=_SECONDS).embed_counted(["ping"])
        return
    provider = Retrying(OpenAIProvider(environ, timeout=_SECONDS))
    request = ModelRequest(
        question.model,
        (Message("user", "ping"),),
        max_tokens=_TOKENS,
        base_url=question.base_url,
        hosts=question.hosts,
        trusted=question.trusted,
    )
    try:
        await provider.complete(request)
    finally:
        await provider.aclose()


def _host(address: str) -> str:
    """Host and port, without what else an address may hold."""
    parts = urlsplit(address)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.hostname or 'that address'}{port}"
