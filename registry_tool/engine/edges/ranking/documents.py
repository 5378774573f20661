"""The documents that an edge searches by meaning, as a configuration names them."""

from __future__ import annotations

from dataclasses import dataclass, field

from registry_tool.core.values import Frozen, Value
from registry_tool.engine.edges.asking.services import documents_of
from registry_tool.engine.edges.base import EdgeCall
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.spellings import only_key
from registry_tool.manifest.model import Block


def _sources(value: Value) -> Value:
    """`[{id, …}]`, `{id: label}`, a list of ids or one id, each as `{id, …}`."""
    if isinstance(value, list):
        return [source for item in value for source in _each(item)]
    return list(_each(value))


def _each(value: Value) -> list[Value]:
    if isinstance(value, dict):
        whole = "id" in value or "index_item" in value
        return [value] if whole else [{"id": key} for key in value]
    return [{"id": value}] if value else []


def block_ids(value: Value) -> Value:
    """The blocks that `[{id, …}]`, `{id: label}`, a list of ids or one id names."""
    found = _sources(value)
    sources = found if isinstance(found, list) else []
    return [source["id"] for source in sources if isinstance(source, dict) and source.get("id")]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A source block that holds documents; `index_item` is the editor's own database, which no export holds."""

    id: str = ""
    index_item: Frozen = field(default_factory=dict)

    @property
    def collection(self) -> Frozen:
        """What the editor says of its own collection, empty where it says nothing."""
        held = self.index_item.get("collection_configs")
        return held if isinstance(held, dict) else {}


@dataclass(frozen=True, kw_only=True)
class DocumentsConfig:
    """Which documents, how near they must be, and the embedding model that `threshold` was chosen with."""

    data_source: tuple[DataSource, ...] = field(default=(), metadata=spelled(form=_sources))
    doc_ids: tuple[str, ...] = field(
        default=(), metadata=spelled("docs_id", "doc_ids", form=block_ids)
    )
    collection: str = ""
    threshold: float | None = None
    model: str = field(default="", metadata=spelled(form=only_key))
    db_type: str = ""

    def named(self) -> bool:
        """Whether a block of this workflow is named; other documents lie in the editor's own database."""
        return any(source.id for source in self.data_source)

    def chosen_with(self) -> str:
        """The model that the threshold was chosen with, as far as the configuration tells."""
        models = (only_key(source.collection.get("model")) for source in self.data_source)
        return self.model or next((name for name in models if isinstance(name, str) and name), "")

    def nothing(self) -> str:
        """Why there is nothing to search."""
        for source in self.data_source:
            if name := source.collection.get("collection_name"):
                kind = source.collection.get("vdb_type") or self.db_type or "vector"
                return (
                    f"the documents lie in the collection {name} of the editor's own {kind} database, "
                    "which an export does not hold"
                )
        return "there are no documents to search"


def documents_to_search(call: EdgeCall, config: DocumentsConfig, query: Block) -> list[Value]:
    """What the named blocks hold, by default all sources but the query; nulls and empty texts left out."""
    others = [block for block in call.sources if block is not query]
    sources = [source.id for source in config.data_source if source.id]
    location = "config.data_source" if sources else "config.doc_ids"
    given = documents_of(call, sources or config.doc_ids, others, location)
    return [item for item in given if item not in (None, "")]
