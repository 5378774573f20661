"""`query_rewrite`: a model rewrites a query so that a search finds more, or other, or more exact things.

Config: `strategy_type` (default multi), `query` (template, or a source's id or label; default: the first source),
the model's settings as in `llm`, and for some strategies more (directly or in `extra_configs`):
- a list of queries: `multi` (`num_query` 3), `expansion`, `segmentation`, `sub_question`, `step_back`, `rrr`
- a list of such lists: `iter` (`iterations` 3): each round refines the last query of the one before
- a text: `relaxation`, `scoping`, `hyde`, `query2doc`
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.asking.model import ask
from registry_tool.engine.edges.asking.services import ask_json, query_of, with_model
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import options, whole_number
from registry_tool.engine.providers.models.base import Message

LISTS = {
    "multi": "Word the user's question in {count} other ways, each from another point of view.",
    "expansion": "Give the query and variants of it with related terms, synonyms and key words.",
    "segmentation": "Cut the query into smaller ones that can be answered each on its own.",
    "sub_question": "Break the question down into simpler and more specific questions.",
    "step_back": "Go from the most general form of the question, step by step, to the question itself.",
    "rrr": "Rewrite the query into ones that a search engine answers better.",
    "iter": "Refine the query: a few ones, each more specific than the one before.",
}
TEXTS = {
    "relaxation": "Broaden the query: more general words, fewer conditions. Answer with the query alone.",
    "scoping": "Narrow the query with a fitting condition or detail. Answer with the query alone.",
    "hyde": "Write a short passage, as a document would have it, that answers the question.",
    "query2doc": "Write a short document about what the query asks, with the words that belong to it.",
}


class QueryRewriteEdge:
    """Rewrite a query."""

    type = "query_rewrite"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The new queries, or the text, for every target."""
        config = options(call)
        strategy = str(config.get("strategy_type") or "multi")
        query, asking = query_of(call), with_model(call, config)
        if strategy in TEXTS:
            plain = replace(asking, targets=(), target_schemas={})
            messages = [Message("system", TEXTS[strategy]), Message("user", query)]
            return call.to_all(await ask(plain, services, messages))
        if strategy == "iter":
            return call.to_all(await _rounds(asking, services, config, query))
        if strategy not in LISTS:
            raise EdgeError(
                f"there is no strategy {strategy!r}",
                place="config.strategy_type",
                way_out=f"use one of {', '.join((*LISTS, *TEXTS))}",
            )
        count = whole_number(config, "num_query", 3, least=1) if strategy == "multi" else None
        return call.to_all(await _queries(asking, services, strategy, query, count))


async def _rounds(call: EdgeCall, services: Services, config: Object, query: str) -> Value:
    rounds: list[Value] = []
    for _ in range(whole_number(config, "iterations", 3, least=1)):
        found = await _queries(call, services, "iter", query)
        rounds.append(found)
        query = str(found[-1])
    return rounds


async def _queries(
    call: EdgeCall, services: Services, strategy: str, query: str, count: int | None = None
) -> list[Value]:
    bounds: Object = {"minItems": count, "maxItems": count} if count else {"minItems": 1}
    text: Object = {"type": "string", "minLength": 1}
    queries: Object = {"type": "array", "items": text, **bounds}
    answer = await ask_json(
        call,
        services,
        [Message("system", LISTS[strategy].format(count=count)), Message("user", query)],
        {"type": "object", "properties": {"queries": queries}},
    )
    return cast(list[Value], answer["queries"])
