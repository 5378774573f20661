"""`query_rewrite`: a model rewrites a query so that a search finds more, or other, or more exact things.

Config: `strategy_type` (default multi), `query` (template, or a source's id or label; default: the first source),
the model's settings as in `llm`, and for some strategies more (directly or in `extra_configs`):
- a list of queries: `multi` (`num_query` 3), `expansion`, `segmentation`, `sub_question`, `step_back`, `rrr`
- a list of such lists: `iter` (`iterations` 3): each round refines the last query of the one before
- a text: `relaxation`, `scoping`, `hyde`, `query2doc`
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, cast

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.asking.model import Question, ask
from registry_tool.engine.edges.asking.services import QueryConfig, ask_json, query_of
from registry_tool.engine.edges.asking.settings import ModelConfig
from registry_tool.engine.edges.base import EdgeCall, Services
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


@dataclass(frozen=True, kw_only=True)
class QueryRewriteConfig(ModelConfig, QueryConfig):
    """The strategy, and what `multi` and `iter` need."""

    strategy_type: Literal[
        "multi",
        "expansion",
        "segmentation",
        "sub_question",
        "step_back",
        "rrr",
        "iter",
        "relaxation",
        "scoping",
        "hyde",
        "query2doc",
    ] = "multi"
    num_query: int = 3
    iterations: int = 3


class QueryRewriteEdge:
    """Rewrite a query."""

    type = "query_rewrite"
    config = QueryRewriteConfig

    async def run(
        self, call: EdgeCall, config: QueryRewriteConfig, services: Services
    ) -> dict[str, Value]:
        """The new queries, or the text, for every target."""
        strategy, query = config.strategy_type, query_of(call, config)
        if strategy in TEXTS:
            plain = replace(call, targets=(), target_schemas={})
            messages = [Message("system", TEXTS[strategy]), Message("user", query)]
            return call.to_all(await ask(plain, services, Question(messages, config)))
        if strategy == "iter":
            return call.to_all(await _rounds(call, services, config, query))
        return call.to_all(await _queries(call, services, config, query))


async def _rounds(
    call: EdgeCall, services: Services, config: QueryRewriteConfig, query: str
) -> Value:
    rounds: list[Value] = []
    for _ in range(config.iterations):
        found = await _queries(call, services, config, query)
        rounds.append(found)
        query = str(found[-1])
    return rounds


async def _queries(
    call: EdgeCall, services: Services, config: QueryRewriteConfig, query: str
) -> list[Value]:
    count = config.num_query if config.strategy_type == "multi" else None
    system = LISTS[config.strategy_type].format(count=count)
    bounds: Object = {"minItems": count, "maxItems": count} if count else {"minItems": 1}
    text: Object = {"type": "string", "minLength": 1}
    queries: Object = {"type": "array", "items": text, **bounds}
    answer = await ask_json(
        call,
        services,
        Question([Message("system", system), Message("user", query)], config),
        {"type": "object", "properties": {"queries": queries}},
    )
    return cast(list[Value], answer["queries"])
