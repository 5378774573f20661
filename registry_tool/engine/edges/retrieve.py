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

import re
from typing import Final

from registry_tool.core.beneath import file_beneath
from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.asking.services import (
    documents_of,
    embedder_of,
    query_block,
    query_of,
)
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.edges.config import options, whole_number
from registry_tool.engine.edges.ranking.vector_index import MOST, Hit, VectorIndex, text_of

COLLECTIONS: Final = "collections.sqlite"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class RetrieveEdge:
    """Search by meaning."""

    type = "retrieve"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The nearest documents, for every target."""
        embedder = embedder_of(call, services)
        if embedder is None:
            raise EdgeError("this run has no embedder", way_out="run `puppy-cli models install`")
        config = options(call)
        documents = _documents(call, config)
        collection = _collection(config)
        if not documents and not collection:
            raise EdgeError(_nothing(config), place="config.data_source", way_out=_GIVE)
        path = None
        if collection:
            if services.workspace is None:
                raise EdgeError("a collection needs a workspace", way_out="add --workspace FOLDER")
            file_beneath(services.workspace, COLLECTIONS)  # a link there would lead elsewhere
            path = services.workspace / COLLECTIONS
        with VectorIndex(embedder, path) as index:
            await index.add(collection, documents, services.room.take if path else None)
            count = whole_number(config, "top_k", 5, least=1)
            hits = await index.search(collection, query_of(call), count)
        if count > len(hits) == MOST:
            what = f"a search gives at most {MOST:,} documents"
            services.emit(events.TEXT_LEFT_OUT, {"edge": call.edge.id, "what": what})
        least = _threshold(config, embedder.name)
        found = [_content(hit) for hit in hits if hit.score >= least]
        services.emit(
            events.SERVICE_CALLED,
            {"edge": call.edge.id, "service": embedder.name, "results": len(found)},
        )
        return call.to_all(found)


_GIVE = "let a source block hold them as a list, or name a `collection` of the workspace"


def _documents(call: EdgeCall, config: Object) -> list[Value]:
    query = query_block(call)
    others = [block for block in call.sources if block is not query]
    for key in ("data_source", "docs_id", "doc_ids"):
        if named := _ids(config.get(key)):
            given = documents_of(call, list[Value](named), others, f"config.{key}")
            return [item for item in given if item not in (None, "")]
    usual = documents_of(call, None, others, "config.data_source")
    return [item for item in usual if item not in (None, "")]


def _ids(value: Value) -> list[str]:
    """The blocks that `[{id, …}]`, `{id: label}`, a list of ids or one id names."""
    if isinstance(value, list):
        return [name for item in value for name in _ids(item)]
    if isinstance(value, dict):
        return [str(value["id"])] if value.get("id") else [] if "index_item" in value else [*value]
    return [value] if isinstance(value, str) and value else []


def _nothing(config: Object) -> str:
    """Why there is nothing to search: the documents may lie in the editor's own database."""
    sources = config.get("data_source")
    for source in sources if isinstance(sources, list) else []:
        item = source.get("index_item") if isinstance(source, dict) else None
        held = item.get("collection_configs") if isinstance(item, dict) else None
        if isinstance(held, dict) and held.get("collection_name"):
            kind = held.get("vdb_type") or config.get("db_type") or "vector"
            return (
                f"the documents lie in the collection {held['collection_name']} of the editor's own "
                f"{kind} database, which an export does not hold"
            )
    return "there are no documents to search"


def _collection(config: Object) -> str:
    name = config.get("collection")
    if name is None:
        return ""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise EdgeError("a collection's name is letters, digits, . _ -", place="config.collection")
    return name


def _threshold(config: Object, embedder: str) -> float:
    least = config.get("threshold")
    if not isinstance(least, int | float) or isinstance(least, bool):
        return -1.0
    return float(least) if _model(config) in {"", embedder} else -1.0


def _model(config: Object) -> str:
    """The model that a threshold was chosen with, as far as the configuration tells."""
    named: Value = config.get("model")
    sources = config.get("data_source")
    for source in sources if isinstance(sources, list) else []:
        item = source.get("index_item") if isinstance(source, dict) else None
        held = item.get("collection_configs") if isinstance(item, dict) else None
        named = named or (held.get("model") if isinstance(held, dict) else None)
    return (
        named
        if isinstance(named, str)
        else next(iter(named), "")
        if isinstance(named, dict)
        else ""
    )


def _content(hit: Hit) -> Value:
    document = hit.document
    metadata = document.get("metadata") if isinstance(document, dict) else None
    if isinstance(metadata, dict) and "retrieval_content" in metadata:
        return text_of(document)
    return document
