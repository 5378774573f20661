"""The embedded model: llama.cpp in this process (extra `local`), SmolLM2-135M-Instruct.

It needs no key and no network, and is small and often wrong: it proves the path, not the quality.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.base import (
    ContextError,
    ImagesError,
    ModelAnswer,
    ModelRequest,
    OnText,
)
from registry_tool.engine.providers.models.chat.response import StreamedAnswer
from registry_tool.engine.providers.models.gbnf import grammar
from registry_tool.engine.providers.models.weights import CHAT, MODEL

CONTEXT = 4096
"""Tokens that a question and its answer may take together; a longer question is a `ContextError`."""
MOST_TOKENS = 512
TOO_LONG = "exceed_context_size_error"

_lock = threading.Lock()
_server: list[Any] = []  # one model a process; loading it twice would take its memory twice


class LocalProvider:
    """Answers from the embedded model. `seed` makes equal questions give equal answers."""

    name = "local"

    def __init__(self, seed: int = 7) -> None:
        self._seed = seed

    async def complete(self, request: ModelRequest, on_text: OnText | None = None) -> ModelAnswer:
        """The model's answer; questions are taken one after the other. A cancelled one stops at its next token."""
        if request.images:
            raise ImagesError(f"the embedded model {MODEL} sees none")
        loop, stop = asyncio.get_running_loop(), threading.Event()

        def on_piece(text: str) -> None:
            if on_text is not None:
                loop.call_soon_threadsafe(on_text, text)

        try:
            return await asyncio.to_thread(self._complete, request, on_piece, stop)
        except asyncio.CancelledError:
            stop.set()
            raise

    async def aclose(self) -> None:
        """The model stays loaded for the next question of this process."""

    def _complete(
        self, request: ModelRequest, on_text: OnText, stop: threading.Event
    ) -> ModelAnswer:
        gathered = StreamedAnswer(on_text)
        broken: list[ProviderError] = []

        def take(piece: Value) -> bool:
            """True stops the model."""
            try:
                if too_long := _error(piece):
                    raise too_long
                gathered.take(piece)
            except ProviderError as error:
                broken.append(error)
            return bool(broken) or stop.is_set()

        with _lock:
            if not stop.is_set():
                _loaded().handle_chat_completions(self._body(request), take)
        if broken and isinstance(broken[0], ContextError):
            raise broken[0]
        if broken:
            raise ProviderError(f"the embedded model gave no answer: {broken[0].reason}")
        answer = gathered.answer()
        return replace(answer, model=MODEL)

    def _body(self, request: ModelRequest) -> dict[str, Any]:
        body: dict[str, Any] = {
            "messages": [
                {"role": message.role, "content": message.content} for message in request.messages
            ],
            "temperature": request.temperature if request.temperature is not None else 0.2,
            "max_tokens": min(request.max_tokens or MOST_TOKENS, MOST_TOKENS),
            "seed": (request.seed if request.seed is not None else self._seed) + request.repeat,
            "stream": True,
            "stream_options": {"include_usage": True},
            "cache_prompt": False,  # a cached prompt changes the last digits of the next answer
        }
        if request.schema is not None:
            body["grammar"] = grammar(request.schema)
        return body


def _error(piece: Value) -> ProviderError | None:
    """The runtime's own word that a question is too long, which it says before it reads any of it."""
    error = piece.get("error") if isinstance(piece, dict) else None
    if not isinstance(error, dict) or error.get("type") != TOO_LONG:
        return None
    counts = (error.get("n_prompt_tokens"), error.get("n_ctx"))
    needed, available = (n if isinstance(n, int) else None for n in counts)
    return ContextError(f"the embedded model {MODEL}", needed, available or CONTEXT)


def prove_loadable() -> None:
    """`MissingToolError` or `RegistryError` where the embedded model can't be asked on this machine."""
    with _lock:
        _loaded()


def _loaded() -> Any:  # xllamacpp has no stubs
    if not _server:
        if find_spec("xllamacpp") is None:
            raise MissingToolError(
                "the embedded model's runtime is not installed",
                hint="pip install 'puppyai-workflow-registry[local]'",
            )
        weights = CHAT.trusted()
        with silence_native_log():
            _server.append(_start(str(weights)))
    return _server[0]


def _start(weights: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    # Its threads wait in busy loops: with all cores taken, any other load makes it many times slower.
    threads = min(max((os.cpu_count() or 1) // 2, 1), 4)
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.warmup = False
    params.verbosity = -1
    return xllamacpp.Server(params)


@contextmanager
def silence_native_log() -> Iterator[None]:
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
