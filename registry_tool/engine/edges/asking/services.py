"""What edges that search have in common: their query, their documents, a service by name, a model's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.model import ask
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.providers.embeddings.base import Embedder
from registry_tool.engine.providers.embeddings.metered import MeteredEmbedder
from registry_tool.engine.providers.models.base import Message, Usage
from registry_tool.engine.providers.web_search.base import Page, WebSearch
from registry_tool.manifest.model import Block
from registry_tool.manifest.services import SERVICES
from registry_tool.manifest.template import as_text, expand

MODEL_KEYS = ("model", "temperature", "max_tokens", "base_url")


def source_named(call: EdgeCall, name: Value) -> Block | None:
    """The source block of an id, else of a label; None where there is none."""
    for key in ("id", "label"):
        for block in call.sources:
            if name and getattr(block, key) == name:
                return block
    return None


def query_of(call: EdgeCall) -> str:
    """`query` (a source's id or label, or a template), else the source in `query_id`, else the first one."""
    wanted = call.config.get("query")
    if isinstance(wanted, str) and wanted:
        block = source_named(call, wanted)
        return as_text(call.inputs[block.id] if block else expand(wanted, call.scope))
    return as_text(call.inputs[query_block(call).id])


def query_block(call: EdgeCall) -> Block:
    """The source that holds the query; `EdgeError` where `query_id` names no source."""
    named = call.config.get("query_id")
    name = next(iter(named), None) if isinstance(named, dict) else named
    if name in (None, ""):
        return call.sources[0]
    block = source_named(call, name)
    if block is None:
        raise EdgeError(f"the query {name!r} is no source of the edge", place="config.query_id")
    return block


def documents_of(call: EdgeCall, names: Value, usual: Sequence[Block], place: str) -> list[Value]:
    """What the named sources (by default the usual ones) hold, one after the other; lists are spread."""
    wanted = [names] if isinstance(names, str) else list(names) if isinstance(names, list) else []
    blocks = [source_named(call, name) for name in wanted] if wanted else list(usual)
    found: list[Value] = []
    for name, block in zip(wanted or blocks, blocks, strict=True):
        if block is None:
            raise EdgeError(f"{name!r} is no source of the edge", place=place)
        value = call.inputs[block.id]
        found += value if isinstance(value, list) else [] if value is None else [value]
    return found


def service(services: Services, name: str) -> WebSearch:
    """The search service of a name; `EdgeError` where this run has none."""
    if name not in services.web_search:
        title = SERVICES[name].title if name in SERVICES else name
        raise EdgeError(f"this run can't ask {title}: it has no search services")
    return services.web_search[name]


async def search_with(  # noqa: PLR0913, PLR0917 - whom, what and for which edge
    call: EdgeCall, services: Services, name: str, query: str, count: int, options: Frozen
) -> tuple[Page, ...]:
    """The pages that a service finds, told as an event."""
    pages = await service(services, name).search(query, count, options)
    tell(call, services, name, len(pages))
    return pages


def tell(call: EdgeCall, services: Services, name: str, results: int) -> None:
    """Emit that a service answered."""
    services.emit(
        events.SERVICE_CALLED, {"edge": call.edge.id, "service": name, "results": results}
    )


def embedder_of(call: EdgeCall, services: Services) -> Embedder | None:
    """The run's embedder; what it asks of a server is told as an event of this edge."""
    embedder = services.embedder
    if not isinstance(embedder, MeteredEmbedder):
        return embedder
    name = embedder.name

    def told(usage: Usage) -> None:
        payload: Object = {"edge": call.edge.id, "service": name}
        services.emit(events.SERVICE_CALLED, {**payload, "usage": cast(Value, usage.to_value())})

    return embedder.telling(told)


async def ask_json(
    call: EdgeCall, services: Services, messages: Sequence[Message], schema: Object
) -> Object:
    """A model's JSON object of a schema; whatever the targets want."""
    wanted = replace(
        call,
        edge=replace(call.edge, config={**call.config, "structured_output": schema}),
        target_schemas={},
    )
    return cast(Object, await ask(wanted, services, messages))


def with_model(call: EdgeCall, config: Frozen, *names: str) -> EdgeCall:
    """The call with a model's settings where `asking` looks for them; the first of `names` that is set counts."""
    model = next((config[name] for name in (*names, "model") if config.get(name)), None)
    if isinstance(model, dict):  # {"maker/model": {}}, an old spelling
        model = next(iter(model), None)
    settings = {key: config[key] for key in MODEL_KEYS if config.get(key) not in (None, "")}
    return replace(
        call,
        edge=replace(
            call.edge,
            config={**call.config, **settings, **({"model": model} if model else {})},
        ),
    )
