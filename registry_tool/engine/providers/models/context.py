"""How long a question may be: what servers say when one is too long, and what a table knows of models.

There is no standard for the refusal. OpenAI: "maximum context length is 8192 tokens. However, your messages
resulted in 9000 tokens", code `context_length_exceeded`; vLLM: "you requested 9000 tokens"; llama.cpp: "request
(9000 tokens) exceeds the available context size (4096 tokens)"; Anthropic: "prompt is too long: 9000 tokens > 8000
maximum".
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec

from registry_tool.core.patterns import compiled_once
from registry_tool.engine.providers.models.base import ContextError

_REFUSALS = compiled_once(
    r"context_length_exceeded|maximum context length|exceed_context_size|prompt is too long|"
    r"(exceeds?|exceeding|larger than|longer than) the (available |model's |maximum )*context|"
    r"context (size|length|window) (of|is|exceeded|limit)",
    re.IGNORECASE,
)
_HOLDS = (
    re.compile(r"maximum context length (?:is|of) (\d{1,9})", re.IGNORECASE),
    re.compile(r"context (?:size|length|window)[^\d]{0,20}(\d{1,9})", re.IGNORECASE),
    re.compile(r"> (\d{1,9}) maximum", re.IGNORECASE),
)
_TAKES = (
    re.compile(
        r"(?:resulted in|requested|request \(|too long:|contains at least|has|in your prompt:?) ?(\d{1,9})",
        re.IGNORECASE,
    ),
    re.compile(r"(\d{1,9}) tokens\)? exceed", re.IGNORECASE),
)


def too_long_of(refusal: str, model: str, address: str) -> ContextError | None:
    """The error that a server's refusal means, None where it refuses something else."""
    if not _REFUSALS().search(refusal):
        return None
    holds = _first(_HOLDS, refusal) or context_of(model)
    return ContextError(
        model,
        _first(_TAKES, refusal),
        holds,
        location=address,
        refusal=" ".join(refusal.split())[:200],
    )


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    return next((int(match[1]) for p in patterns if (match := p.search(text))), None)


@lru_cache(maxsize=256)
def context_of(model: str) -> int | None:
    """Tokens that a model's context holds, by genai-prices' table (extra `prices`); None where it isn't known."""
    if find_spec("genai_prices") is None:
        return None
    from genai_prices.data_snapshot import get_snapshot

    try:
        _, found = get_snapshot().find_provider_model(model, None, None, None)
    except LookupError:
        return None
    return found.context_window
