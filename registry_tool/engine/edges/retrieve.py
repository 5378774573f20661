"""`retrieve`: the documents whose meaning is nearest to a query.

Config (directly or in `extra_configs`): `query` (template, or a source's id or label) or `query_id`; the documents
are those of `data_source` ([{id}]), `docs_id` or `doc_ids`, by default all other sources; `top_k` (default 5),
`threshold` (least cosine), `model`, and `collection`: a name under which documents stay in the workspace, so that
they are embedded once and can be searched without being given again. The targets get a list of documents, best
first; of an object with `metadata.retrieval_content`, as the editor writes them, that text.

A threshold belongs to the model that it was chosen with: where the configuration names another `model` than the
one that embeds here, it is not applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from registry_tool.core.beneath import file_beneath
from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.services import (
    QueryConfig,
    embedder_of,
    query_block,
    query_of,
)
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.ranking.documents import DocumentsConfig, documents_to_search
from registry_tool.engine.edges.ranking.vector_index import MOST, Hit, VectorIndex, text_of
from registry_tool.engine.providers.embeddings.base import Embedder
from registry_tool.manifest.model import Block

COLLECTIONS: Final = "collections.sqlite"
_GIVE = "let a source block hold them as a list, or name a `collection` of the workspace"


@dataclass(frozen=True, kw_only=True)
class RetrieveConfig(DocumentsConfig, QueryConfig):
    """What is searched for, in which documents, and how many are wanted."""

    top_k: int = 5


@dataclass(frozen=True, slots=True)
class RetrievalQuery:
    """A search by meaning: the words, the source block that they are from, and how many documents at most."""

    query: str
    block: Block
    count: int


class RetrieveEdge:
    """Search by meaning."""

    type = "retrieve"
    config = RetrieveConfig

    async def run(
        self, call: EdgeCall, config: RetrieveConfig, services: Services
    ) -> dict[str, Value]:
        """The nearest documents, for every target."""
        wanted = RetrievalQuery(query_of(call, config), query_block(call, config), config.top_k)
        return call.to_all(await nearest(call, services, config, wanted))


async def nearest(
    call: EdgeCall, services: Services, config: DocumentsConfig, wanted: RetrievalQuery
) -> list[Value]:
    """The documents whose meaning is nearest to the query, best first."""
    embedder = embedder_of(call, services)
    if embedder is None:
        raise MissingServiceError("this run has no embedder", hint="run `puppy-cli models install`")
    documents = documents_to_search(call, config, wanted.block)
    if not documents and not config.collection:
        raise EdgeError(config.nothing(), location="config.data_source", hint=_GIVE)
    path = _kept_in(services) if config.collection else None
    with VectorIndex(embedder, path) as index:
        await index.add(config.collection, documents, services.room.take if path else None)
        hits = await index.search(config.collection, wanted.query, wanted.count)
    if wanted.count > len(hits) == MOST:
        what = f"a search gives at most {MOST:,} documents"
        services.emit(events.TEXT_LEFT_OUT, {"edge": call.edge.id, "what": what})
    least = _threshold(config, embedder)
    found = [_content(hit) for hit in hits if hit.score >= least]
    payload: Object = {"edge": call.edge.id, "service": embedder.name, "results": len(found)}
    services.emit(events.SERVICE_CALLED, payload)
    return found


def _kept_in(services: Services) -> Path:
    """The file of the workspace that holds collections."""
    if services.workspace is None:
        raise EdgeError("a collection needs a workspace", hint="add --workspace FOLDER")
    file_beneath(services.workspace, COLLECTIONS)  # a link there would lead elsewhere
    return services.workspace / COLLECTIONS


def _threshold(config: DocumentsConfig, embedder: Embedder) -> float:
    if config.threshold is None:
        return -1.0
    return config.threshold if config.chosen_with() in {"", embedder.name} else -1.0


def _content(hit: Hit) -> Value:
    document = hit.document
    metadata = document.get("metadata") if isinstance(document, dict) else None
    if isinstance(metadata, dict) and "retrieval_content" in metadata:
        return text_of(document)
    return document
