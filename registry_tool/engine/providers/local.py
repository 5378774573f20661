"""The embedded model: llama.cpp in this process (extra `local`), SmolLM2-135M-Instruct.

It needs no key and no network, and is small and often wrong: it proves the path, not the quality.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, cast

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Object
from registry_tool.engine.providers.base import (
    ModelAnswer,
    ModelRequest,
    OnText,
    ProviderError,
    Usage,
)
from registry_tool.engine.providers.grammar import grammar
from registry_tool.engine.providers.weights import MODEL, trusted_weights

CONTEXT = 4096
"""Tokens that a question and its answer may take together."""
MOST_TOKENS = 512
_CHARS = CONTEXT - MOST_TOKENS  # even dense JSON has more than one character a token
_CUT = " […] "

_lock = threading.Lock()
_server: list[Any] = []  # one model a process; loading it twice would take its memory twice


class LocalProvider:
    """Answers from the embedded model. `seed` makes equal questions give equal answers."""

    name = "local"

    def __init__(self, seed: int = 7) -> None:
        self._seed = seed

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The model's answer; questions are taken one after the other."""
        return await asyncio.to_thread(self._complete, request)

    async def aclose(self) -> None:
        """The model stays loaded for the next question of this process."""

    def _complete(self, request: ModelRequest) -> ModelAnswer:
        with _lock:
            answer = cast(Object, _loaded().handle_chat_completions(self._body(request)))
        if "error" in answer or not answer.get("choices"):
            told = json.dumps(answer.get("error", answer), ensure_ascii=False)[:300]
            raise ProviderError(f"the embedded model gave no answer: {told}")
        choice = cast(list[Object], answer["choices"])[0]
        usage = cast(dict[str, int], answer.get("usage") or {})
        return ModelAnswer(
            text=str(cast(Object, choice["message"]).get("content") or ""),
            model=MODEL,
            usage=Usage(usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0), 1),
            finish_reason=str(choice.get("finish_reason") or "stop"),
        )

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "messages": [
                {"role": message.role, "content": content}
                for message, content in zip(request.messages, _cut(request), strict=True)
            ],
            "temperature": request.temperature if request.temperature is not None else 0.2,
            "max_tokens": min(request.max_tokens or MOST_TOKENS, MOST_TOKENS),
            "seed": (request.seed if request.seed is not None else self._seed) + request.repeat,
            "cache_prompt": False,  # a cached prompt changes the last digits of the next answer
        }
        if request.schema is not None:
            body["grammar"] = grammar(request.schema)
        return body


def _cut(request: ModelRequest) -> Iterator[str]:
    """Messages that are too long together lose their middle, the longest first."""
    texts = [message.content for message in request.messages]
    while sum(map(len, texts)) > _CHARS:
        longest = max(range(len(texts)), key=lambda n: len(texts[n]))
        keep = max(len(texts[longest]) - (sum(map(len, texts)) - _CHARS) - len(_CUT), 200)
        text = texts[longest]
        if keep + len(_CUT) >= len(text):
            break
        texts[longest] = text[: keep - keep // 3] + _CUT + text[len(text) - keep // 3 :]
    yield from texts


def _loaded() -> Any:  # xllamacpp has no stubs
    if not _server:
        if find_spec("xllamacpp") is None:
            raise MissingToolError(
                "the embedded model's runtime is not installed",
                way_out="pip install 'puppyai-workflow-registry[local]'",
            )
        weights = trusted_weights()
        with _quiet():
            _server.append(_start(str(weights)))
    return _server[0]


def _start(weights: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    # Its threads wait in busy loops: with all cores taken, any other load makes it many times slower.
    params.cpuparams.n_threads = min(max((os.cpu_count() or 1) // 2, 1), 4)
    params.cpuparams_batch.n_threads = min(os.cpu_count() or 1, 4)
    params.warmup = False
    params.verbosity = -1
    return xllamacpp.Server(params)


@contextmanager
def _quiet() -> Iterator[None]:
    """llama.cpp writes its own log to standard error while it loads."""
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
