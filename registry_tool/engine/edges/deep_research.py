"""`deep_research`: a model searches again and again, then reports what it found.

Config (directly or in `extra_configs`): `query` (template, or a source's id or label) or `query_id`;
`max_iterations` or `max_rounds` (default 3, at most 20); the model's settings as in `llm`, also `llm_model`; and
what it may search:
- `google_search_configs` or `web_config`: `sub_search_type` google or ddg, `top_k` (default 3)
- `perplexity_search_configs` or `perplexity_config`: `model`
- `vector_search_configs` or `vector_config`: `data_source`, `top_k`, `threshold`, as in `retrieve`
Each with `enabled: false` is left out. One that is named and can't be asked is an error before anything is asked;
where none is named, every service that has its secrets is used.

The model is shown the first 2,000 characters of a finding and the newest 24,000 in all, or fewer where its context
holds fewer; the run's `notices` say so where it happened.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar, cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.model import Question, ask
from registry_tool.engine.edges.asking.services import (
    QueryConfig,
    ask_json,
    query_block,
    query_of,
    search_with,
)
from registry_tool.engine.edges.asking.settings import ModelConfig
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.deep_research_tools import (
    DOCUMENTS,
    Tool,
    ToolsConfig,
    VectorConfig,
    tools_of,
)
from registry_tool.engine.edges.retrieve import RetrievalQuery, nearest
from registry_tool.engine.edges.spellings import only_key
from registry_tool.engine.providers.models.base import ContextError, Message
from registry_tool.manifest.template import as_text

_Out = TypeVar("_Out")
_MOST_SEARCHES = 3  # a round
_LONGEST_FINDING, _LONGEST_ALL = 2_000, 24_000  # characters that the model is shown
_ABOUT = {
    "google": "the web, by key words",
    "duckduckgo": "the web, by key words",
    "perplexity": "an answer to a whole question, from the web",
    DOCUMENTS: "the author's own documents, by meaning",
}
_REPORT = (
    "Answer the question fully and in its language from the findings. Name the sources' addresses. "
    "Where the findings don't hold the answer, say so."
)


@dataclass(slots=True)
class _Research:
    """One question and what is known so far; `asked` holds every (tool, query)."""

    query: str
    tools: dict[str, Tool]
    config: DeepResearchConfig
    findings: list[str] = field(default_factory=list)
    asked: set[tuple[str, str]] = field(default_factory=set)

    def kept(self, room: int) -> list[str]:
        """The newest findings that have room together, in characters; the newest one stays in any case."""
        kept: list[str] = []
        for finding in reversed(self.findings):
            room -= len(finding)
            if room < 0 and kept:
                break
            kept.insert(0, finding)
        return kept

    def prompt(self, kept: list[str]) -> str:
        """Question and findings for the model."""
        return f"Question: {self.query}\n\nFindings:\n" + ("\n\n".join(kept) or "none yet")


@dataclass(frozen=True, kw_only=True)
class DeepResearchConfig(ModelConfig, QueryConfig, ToolsConfig):
    """The question, how long it is researched, and where."""

    model: str = field(default="", metadata=spelled("llm_model", "model", form=only_key))
    max_iterations: int = field(default=3, metadata=spelled("max_iterations", "max_rounds"))
    structured_output: bool | Frozen = False


class DeepResearchEdge:
    """Search, read, search again, report."""

    type = "deep_research"
    config = DeepResearchConfig

    async def run(
        self, call: EdgeCall, config: DeepResearchConfig, services: Services
    ) -> dict[str, Value]:
        """The report, for every target."""
        research = _Research(query_of(call, config), tools_of(services, config), config)
        if not research.query.strip():
            raise EdgeError("there is nothing to research: the query is empty")
        for _ in range(config.max_iterations):
            plan = partial(_plan, call, services, research)
            searches = await _with_room(call, services, research, plan)
            if not searches:
                break
            for tool, query in searches:
                research.findings += await _found(call, services, research, tool, query)
        report = partial(_report, call, services, config)
        return call.to_all(await _with_room(call, services, research, report))


async def _report(
    call: EdgeCall, services: Services, config: DeepResearchConfig, prompt: str
) -> Value:
    messages = [Message("system", _REPORT), Message("user", prompt)]
    return await ask(call, services, Question(messages, config, config.structured_output))


async def _with_room(
    call: EdgeCall,
    services: Services,
    research: _Research,
    ask_with: Callable[[str], Awaitable[_Out]],
) -> _Out:
    """What the model says to as many of the newest findings as it can take in; what is left out is reported."""
    room = _LONGEST_ALL
    while True:
        kept = research.kept(room)
        try:
            answer = await ask_with(research.prompt(kept))
        except ContextError:
            if len(kept) <= 1:
                raise
            room //= 2
            continue
        if len(kept) < len(research.findings):
            what = (
                f"the model was shown the newest {len(kept)} of {len(research.findings)} findings"
            )
            services.emit(events.TEXT_LEFT_OUT, {"edge": call.edge.id, "what": what})
        return answer


async def _plan(
    call: EdgeCall, services: Services, research: _Research, prompt: str
) -> list[tuple[str, str]]:
    """The searches that the model wants next and that were not made yet; none where it knows enough."""
    known = "; ".join(f"{name} ({_ABOUT[name]})" for name in research.tools)
    system = (
        f"You research a question with these tools: {known}. Name the searches that are still needed, "
        "each with a query of its own; none when the findings answer the question."
    )
    tool: Object = {"enum": list[Value](research.tools)}
    query: Object = {"type": "string", "minLength": 1, "maxLength": 200}
    search: Object = {"type": "object", "properties": {"tool": tool, "query": query}}
    searches: Object = {"type": "array", "items": search, "maxItems": _MOST_SEARCHES}
    answer = await ask_json(
        call,
        services,
        Question([Message("system", system), Message("user", prompt)], research.config),
        {"type": "object", "properties": {"searches": searches}},
    )
    wanted = [
        (str(item["tool"]), str(item["query"])) for item in cast(list[Object], answer["searches"])
    ]
    new = [item for item in dict.fromkeys(wanted) if item not in research.asked]
    research.asked.update(new)
    return new


async def _found(
    call: EdgeCall, services: Services, research: _Research, tool: str, query: str
) -> list[str]:
    """What a search gave, a text for each hit, headed by where it is from."""
    settings = research.tools[tool]
    if isinstance(settings, VectorConfig):
        texts = await _retrieved(call, services, research, settings, query)
        _tell_of_long(call, services, texts)
        return [_finding(tool, query, "", text) for text in texts]
    pages = await search_with(call, services, tool, query, settings.top_k, settings.written)
    _tell_of_long(call, services, [page.text for page in pages])
    return [_finding(tool, query, _source(page.url, page.fields), page.text) for page in pages] or [
        _finding(tool, query, "", "nothing was found")
    ]


def _source(url: str, fields: Frozen) -> str:
    cited = fields.get("citations")
    return ", ".join(map(str, cited)) if isinstance(cited, list) and cited else url


def _finding(tool: str, query: str, source: str, text: str) -> str:
    head = f"[{tool}: {query}]" + (f" {source}" if source else "")
    return f"{head}\n{text[:_LONGEST_FINDING]}"


def _tell_of_long(call: EdgeCall, services: Services, texts: list[str]) -> None:
    if any(len(text) > _LONGEST_FINDING for text in texts):
        what = f"of a finding the model is shown the first {_LONGEST_FINDING:,} characters"
        services.emit(events.TEXT_LEFT_OUT, {"edge": call.edge.id, "what": what})


async def _retrieved(
    call: EdgeCall, services: Services, research: _Research, settings: VectorConfig, query: str
) -> list[str]:
    wanted = RetrievalQuery(query, query_block(call, research.config), settings.top_k)
    return [
        json.dumps(hit, ensure_ascii=False) if isinstance(hit, dict) else as_text(hit)
        for hit in await nearest(call, services, settings, wanted)
    ]
