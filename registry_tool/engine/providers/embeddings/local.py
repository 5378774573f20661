"""The embedded embedder: all-MiniLM-L6-v2 by llama.cpp in this process (extra `local`); no key, no network."""

from __future__ import annotations

import asyncio
import math
import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Any, cast

from registry_tool.core.errors import MissingToolError
from registry_tool.core.values import Object
from registry_tool.engine.providers.embeddings.minilm import LONGEST, model_file
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.models.weights import EMBEDDING

_TOGETHER = 64
_ALWAYS_FITS = 500  # characters, of which none makes more than one token
_TOO_LONG = "exceed_context_size"
_lock = threading.Lock()


class LocalEmbedder:
    """Unit vectors of 384 numbers. The model is loaded when it is first asked."""

    name = EMBEDDING.model

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """One vector a text, in order; `MissingToolError` where the model is not installed.

        Of a text that is longer than what the model reads at once it is the mean of its parts' vectors.
        """
        parts = [windows(text) for text in texts]
        flat = [part for of_text in parts for part in of_text]
        vectors: list[list[float]] = []
        for start in range(0, len(flat), _TOGETHER):
            vectors += await asyncio.to_thread(_embed, flat[start : start + _TOGETHER])
        found, waiting = list[list[float]](), iter(vectors)
        for of_text in parts:
            found.append(_mean([next(waiting) for _ in of_text], [len(part) for part in of_text]))
        return found


def windows(text: str, most: int = LONGEST * 4) -> list[str]:
    """The text in parts of at most `most` characters, cut at blanks where there are any; nothing is left out.

    A token of English has more than four characters.
    """
    parts: list[str] = []
    start = 0
    while len(text) - start > most:
        blank = text.rfind(" ", start + most // 2, start + most)
        end = blank + 1 if blank != -1 else start + most
        parts.append(text[start:end])
        start = end
    return [*parts, text[start:] or " "] if len(text) > start or not parts else parts


def _mean(vectors: list[list[float]], weights: list[int]) -> list[float]:
    """The mean of unit vectors, as a unit vector."""
    if len(vectors) == 1:
        return vectors[0]
    weighted = [
        math.fsum(number * weight for number, weight in zip(column, weights, strict=True))
        for column in zip(*vectors, strict=True)
    ]
    length = math.hypot(*weighted)
    return [number / length for number in weighted] if length else vectors[0]


def _embed(texts: list[str]) -> list[list[float]]:
    with _lock:
        return _asked(texts)


def _asked(texts: list[str]) -> list[list[float]]:
    answer = cast(Object, _loaded().handle_embeddings({"input": texts}))
    data = answer.get("data")
    if isinstance(data, list) and len(data) == len(texts):
        ordered = sorted(cast(list[Object], data), key=lambda item: cast(int, item["index"]))
        return [cast(list[float], item["embedding"]) for item in ordered]
    error = str(answer.get("error"))[:300]
    if _TOO_LONG in error and len(texts) > 1:  # one of them; each is halved by itself alone
        return [vector for text in texts for vector in _asked([text])]
    if _TOO_LONG in error and len(texts[0]) > _ALWAYS_FITS:
        halves = windows(texts[0], (len(texts[0]) + 1) // 2)
        vectors = [vector for half in halves for vector in _asked([half])]
        return [_mean(vectors, [len(half) for half in halves])]
    raise ProviderError(f"the embedded model gave no vectors: {error}")


@cache
def _loaded() -> Any:  # xllamacpp has no stubs
    if find_spec("xllamacpp") is None:
        raise MissingToolError(
            "the embedded model's runtime is not installed",
            hint="pip install 'puppyai-workflow-registry[local]'",
        )
    path = model_file()
    import xllamacpp

    from registry_tool.engine.providers.models.local import silence_native_log

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.embedding = True
    params.n_ctx = params.n_batch = params.n_ubatch = 4 * LONGEST * 2
    params.n_parallel = 4
    params.cpuparams.n_threads = min(max((os.cpu_count() or 1) // 2, 1), 4)
    params.warmup = False
    params.verbosity = -1
    with silence_native_log():
        return xllamacpp.Server(params)
