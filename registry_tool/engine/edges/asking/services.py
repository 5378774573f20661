"""What edges that search have in common: their query, their documents, a service by name, a model's JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.model import Question, ask
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.config import EdgeConfig, spelled
from registry_tool.engine.edges.spellings import only_key
from registry_tool.engine.providers.embeddings.base import Embedder
from registry_tool.engine.providers.embeddings.metered import MeteredEmbedder
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.web_search.base import FoundPage, WebSearch
from registry_tool.manifest.model import Block
from registry_tool.manifest.services import SERVICES
from registry_tool.manifest.template import as_text, expand


@dataclass(frozen=True, kw_only=True)
class QueryConfig(EdgeConfig):
    """The fields of every edge that has a query: `query_id` names the source that holds it."""

    query: str = ""
    query_id: str = field(default="", metadata=spelled(form=only_key))


def source_named(call: EdgeCall, name: str) -> Block | None:
    """The source block of an id, else of a label; None where there is none."""
    by_id = (block for block in call.sources if name and block.id == name)
    by_label = (block for block in call.sources if name and block.label == name)
    return next(by_id, next(by_label, None))


def query_of(call: EdgeCall, config: QueryConfig) -> str:
    """`query` (a source's id or label, or a template), else the source in `query_id`, else the first one."""
    if config.query:
        block = source_named(call, config.query)
        return as_text(call.inputs[block.id] if block else expand(config.query, call.scope))
    return as_text(call.inputs[query_block(call, config).id])


def query_block(call: EdgeCall, config: QueryConfig) -> Block:
    """The source that holds the query; `EdgeError` where `query_id` names no source."""
    if not config.query_id:
        return call.sources[0]
    block = source_named(call, config.query_id)
    if block is None:
        raise EdgeError(
            f"the query {config.query_id!r} is not a source of the edge", location="config.query_id"
        )
    return block


def documents_of(
    call: EdgeCall, names: Sequence[str], usual: Sequence[Block], location: str
) -> list[Value]:
    """What the named sources (by default the usual ones) hold, one after the other; lists are spread."""
    blocks = [_source(call, name, location) for name in names] or usual
    found: list[Value] = []
    for block in blocks:
        value = call.inputs[block.id]
        found += value if isinstance(value, list) else [] if value is None else [value]
    return found


def _source(call: EdgeCall, name: str, location: str) -> Block:
    block = source_named(call, name)
    if block is None:
        raise EdgeError(f"{name!r} is not a source of the edge", location=location)
    return block


def service(services: Services, name: str) -> WebSearch:
    """The search service of a name; `EdgeError` where this run has none."""
    if name not in services.web_search:
        title = SERVICES[name].title if name in SERVICES else name
        raise MissingServiceError(f"this run can't ask {title}: it has no search services")
    return services.web_search[name]


async def search_with(  # noqa: PLR0913, PLR0917 - whom, what and for which edge
    call: EdgeCall, services: Services, name: str, query: str, count: int, options: Frozen
) -> tuple[FoundPage, ...]:
    """The pages that a service finds, and an event of it."""
    pages = await service(services, name).search(query, count, options)
    emit_call(call, services, name, len(pages))
    return pages


def emit_call(call: EdgeCall, services: Services, name: str, results: int) -> None:
    """Emit that a service answered."""
    services.emit(
        events.SERVICE_CALLED, {"edge": call.edge.id, "service": name, "results": results}
    )


def embedder_of(call: EdgeCall, services: Services) -> Embedder | None:
    """The run's embedder; its requests to a server are events of this edge."""
    embedder = services.embedder
    if not isinstance(embedder, MeteredEmbedder):
        return embedder
    name = embedder.name

    def emit_usage(usage: Usage, doubt: str) -> None:
        payload: Object = {"edge": call.edge.id, "service": name}
        services.emit(events.SERVICE_CALLED, {**payload, "usage": cast(Value, usage.to_value())})
        if doubt:
            services.emit(events.USAGE_DOUBTED, {"edge": call.edge.id, "what": doubt})

    return embedder.with_listener(emit_usage)


async def ask_json(
    call: EdgeCall, services: Services, question: Question, schema: Object
) -> Object:
    """A model's JSON object of a schema; whatever the targets want."""
    wanted = replace(question, structured_output=schema, tools=())
    return cast(Object, await ask(replace(call, target_schemas={}), services, wanted))
