"""The interface and the foreign services of an imported workflow, which the editor never writes down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.puppyflow.model import ForeignBlock
from registry_tool.manifest.services import SERVICES

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_LONGEST_DEFAULT = 1024  # bytes of JSON; a longer one stands in the block alone


@dataclass(frozen=True, slots=True)
class Ends:
    """Our ids of an edge's ends, with its type and configuration."""

    type: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    config: Frozen


def interface(blocks: Sequence[ForeignBlock], ids: Frozen, edges: Sequence[Ends]) -> Object:
    """Inputs: root blocks that an edge reads. Outputs: blocks that an edge writes and none reads.

    An input with content is optional: its default is the content, written out where it is short. One whose
    content is not in the file is required.
    """
    read = {block for edge in edges for block in edge.sources}
    written = {block for edge in edges for block in edge.targets}
    taken: set[str] = set()
    inputs = [
        _input(block, str(ids[block.id]), taken)
        for block in blocks
        if ids[block.id] in read and ids[block.id] not in written
    ]
    taken = set()
    outputs: list[Value] = [
        {"name": port_name(block, taken), "block": ids[block.id]}
        for block in blocks
        if ids[block.id] in written and ids[block.id] not in read
    ]
    result: Object = {}
    if inputs:
        result["inputs"] = list[Value](inputs)
    if outputs:
        result["outputs"] = outputs
    return result


def _input(block: ForeignBlock, own_id: str, taken: set[str]) -> Object:
    port: Object = {"name": port_name(block, taken), "type": _type(block)}
    if not block.has_content:
        port["required"] = True
    elif len(json.dumps(block.content)) <= _LONGEST_DEFAULT:
        port["default"] = block.content
    port["block"] = own_id
    return port


def _type(block: ForeignBlock) -> str:
    if block.type == "file":
        return "file"
    is_text = isinstance(block.content, str | None) and not block.looped
    return "string" if block.type in {"text", "weblink"} and is_text else "any"


def port_name(block: ForeignBlock, taken: set[str]) -> str:
    """A name from the label, else from the id, that nobody has yet."""
    stem = next((name for text in (block.label, block.id) if (name := _slug(text))), "block")
    if not _NAME.fullmatch(stem):
        stem = f"block_{stem}"[:64]
    name, number = stem, 2
    while name in taken:
        name = f"{stem[:60]}_{number}"
        number += 1
    taken.add(name)
    return name


def _slug(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_-")[:58]


def external_apis(edges: Iterable[Ends]) -> list[Value]:
    """`runtime.dependencies.external_apis`: every service that an edge asks, by name, and its host."""
    needs: dict[str, bool] = {}
    for edge in edges:
        for name, required in _services(edge):
            needs[name] = needs.get(name, False) or required
    return [{"name": name, "required": needs[name], **_hosts(name)} for name in sorted(needs)]


def _hosts(name: str) -> Object:
    """The host of a service that a run asks through its fetcher, which asks declared hosts alone."""
    host = SERVICES[name].host if name in SERVICES else ""
    return {"hosts": [host]} if host else {}


def _services(edge: Ends) -> Iterator[tuple[str, bool]]:
    extra = sub_object(edge.config, "extra_configs")
    by_llm = (edge.type == "chunk" and text_of(edge.config, "chunking_mode") == "llm") or (
        edge.type == "search" and text_of(edge.config, "search_type") == "llm"
    )
    if by_llm or edge.type in {"llm", "generate", "query_rewrite", "deep_research"}:
        yield "openai", True
    elif edge.type == "rerank":
        named = text_of(edge.config, "reranker_type")
        if named in {"cohere", "llm"}:
            yield ("openai" if named == "llm" else "cohere"), True
    elif edge.type == "retrieve":
        yield "openai", True  # embeddings
        yield from ((name, False) for name in _vector_stores(edge.config))
    elif edge.type == "search":
        yield from ((name, True) for name in _search(edge.config, extra))
    if edge.type == "deep_research":
        yield from _research(extra)


def _search(config: Frozen, extra: Frozen) -> Iterator[str]:
    how = text_of(extra, "sub_search_type") or text_of(config, "sub_search_type")
    if text_of(config, "search_type", "web") == "web":
        yield _web(how)
    elif text_of(config, "search_type") == "qa":
        yield "perplexity"
    elif text_of(config, "search_type") == "elastic":
        yield "elasticsearch"


def _web(how: str) -> str:
    return "duckduckgo" if how in {"ddg", "duckduckgo"} else "google"


def _research(extra: Frozen) -> Iterator[tuple[str, bool]]:
    for key, name in (
        ("web_config", ""),
        ("google_search_configs", ""),
        ("perplexity_config", "perplexity"),
        ("perplexity_search_configs", "perplexity"),
    ):
        settings = sub_object(extra, key)
        if settings and settings.get("enabled", True) is not False:
            yield name or _web(text_of(settings, "sub_search_type")), True


def _vector_stores(config: Frozen) -> Iterator[str]:
    """Names of the databases that the editor's index lies in; our own search needs none of them."""
    yield from _named(sub_object(config, "extra_configs"), "db_type")
    sources = config.get("data_source")
    for item in sources if isinstance(sources, list) else []:
        if isinstance(item, dict):
            index = sub_object(item, "index_item")
            yield from _named(sub_object(index, "collection_configs"), "vdb_type")


def _named(item: Frozen, key: str) -> Iterator[str]:
    if name := text_of(item, key)[:128]:
        yield name
