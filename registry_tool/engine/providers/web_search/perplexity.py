"""Perplexity's answers, with the pages that they cite: https://docs.perplexity.ai/api-reference.

PERPLEXITY_BASE_URL names another server that offers the same models (say, a router of models).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.web_search.base import FoundPage
from registry_tool.engine.providers.web_search.service_client import ServiceClient, items, text_at

_OWN = "https://api.perplexity.ai"
_USUAL = "sonar"
_SETTINGS = ("max_tokens", "temperature", "search_domain_filter", "search_recency_filter")


class PerplexitySearch:
    """Asks a search model (`model`, by default sonar) with the key PERPLEXITY_API_KEY."""

    name = "perplexity"

    def __init__(self, client: ServiceClient, address: str = "") -> None:
        self._client = client
        self._address = (address or client.setting("PERPLEXITY_BASE_URL", _OWN)).rstrip("/")

    def check(self) -> None:
        """The secret is set."""
        self._client.check()

    async def search(self, query: str, count: int, options: Frozen) -> tuple[FoundPage, ...]:
        """One page: the answer is its text; `fields.citations` are the addresses of its sources."""
        if not query.strip():
            raise ProviderError("Perplexity was asked nothing: the query is empty")
        answer = await self._client.post(
            f"{self._address}/chat/completions",
            {
                "model": self._model(options.get("model")),
                "messages": [{"role": "user", "content": query}],
                **{key: options[key] for key in _SETTINGS if options.get(key) is not None},
            },
            {"authorization": f"Bearer {self._client.secret('PERPLEXITY_API_KEY')}"},
        )
        return (_page(answer),)

    def _model(self, wanted: Value) -> str:
        """The name as the server knows it: bare at Perplexity's own, `perplexity/…` at a router of models.

        Names of models that Perplexity has retired (llama-3.1-sonar-…) stand for their successors, and other
        makers' names, which old exports hold, for the usual one.
        """
        named = next(iter(wanted), "") if isinstance(wanted, dict) else wanted
        bare = str(named or _USUAL).removeprefix("perplexity/")
        if "sonar" not in bare:
            bare = _USUAL
        elif bare.startswith("llama-"):
            bare = _USUAL if "-small-" in bare else "sonar-pro"
        own = (urlsplit(self._address).hostname or "").endswith("perplexity.ai")
        return bare if own else f"perplexity/{bare}"


def _page(answer: Frozen) -> FoundPage:
    choice = next(iter(items(answer, "choices")), {})
    message = choice.get("message")
    text = text_at(message, "content") if isinstance(message, dict) else ""
    if not text:
        raise ProviderError("Perplexity sent no answer", transient=True)
    sources = items(answer, "search_results")
    cited = answer.get("citations") or [text_at(source, "url") for source in sources]
    first = sources[0] if sources else {}
    return FoundPage(text_at(first, "title"), text_at(first, "url"), text, {"citations": cited})
