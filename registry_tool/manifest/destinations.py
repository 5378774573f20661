"""Where one edge sends what it reads: models, services and hosts, as far as the manifest tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import urlsplit

from registry_tool.core.values import Frozen, Value
from registry_tool.manifest.binding import bind
from registry_tool.manifest.edge_config import settings
from registry_tool.manifest.model import Block, Edge, Environment, Workflow
from registry_tool.manifest.services import services_asked

ASKING = frozenset({"llm", "generate", "deep_research", "query_rewrite", "rerank"})
EMBEDDED = "all-MiniLM-L6-v2"
"""The model that embeds on this machine where an environment names no other one."""

MODEL: Final = "the model "
"""How a model that is named begins, as a destination in words."""
USUAL_MODEL: Final = "the environment's model"

_MODEL_KEYS = ("model", "llm_model")
_ALONE = frozenset({"cohere", "embedding", "rrf"})  # ways to rank that ask no model for words
_RESEARCHED = ("vector_search_configs", "vector_config")


def destinations(workflow: Workflow, edge: Edge, here: Environment | None = None) -> frozenset[str]:
    """Where an edge sends what it reads, in words; empty where it sends nothing.

    In the environment `here`, or else in any that the manifest has.
    """
    environments = workflow.environments if here is None else (here,)
    found = set[str]()
    near = _near(workflow, edge)
    for kind, config in parts(edge):
        found.update(f"the service {service.title}" for service in services_asked(kind, config))
        if asks_model(kind, config):
            found.update(_models(environments, near, (edge.config, config), chosen=here))
        if embeds(kind, config):
            found.update(f"the model {name}" for name in _named(environments, "embedding_model"))
        if kind == "http":
            found.update(f"the host {host}" for host in _hosts(workflow, config.get("url")))
        elif kind == "external":
            found.add(f"the service {config.get('service')}")
        elif kind == "load":
            found.update(_loaded(workflow, environments, edge, config))
    return frozenset(found)


def parts(edge: Edge) -> Iterator[tuple[str, Frozen]]:
    """Kind and settings of an edge, and of what a `map` does for each item; `extra_configs` come on top."""
    yield edge.type, settings(edge.config)
    nested = edge.config.get("edge")
    if edge.type == "map" and isinstance(nested, dict):
        yield str(nested.get("type")), settings(nested_config(nested))


def nested_config(nested: dict[str, Value]) -> Frozen:
    """The configuration of the edge that a `map` runs for every item."""
    config = nested.get("config")
    return config if isinstance(config, dict) else {}


def called(edge: Edge) -> str:
    """The name of the workflow that an edge calls, or that a `map` calls for each item; empty for none."""
    nested = edge.config.get("edge")
    if edge.type == "map" and isinstance(nested, dict) and nested.get("type") == "workflow":
        return str(nested_config(nested).get("name", ""))
    return str(edge.config.get("name", "")) if edge.type == "workflow" else ""


def asks_model(kind: str, settings: Frozen) -> bool:
    """Whether an edge asks a model for words."""
    if kind == "rerank":
        return settings.get("reranker_type") not in _ALONE
    if kind == "chunk":
        return settings.get("chunking_mode") == "llm"
    return kind in ASKING or (kind == "search" and settings.get("search_type") == "llm")


def embeds(kind: str, settings: Frozen) -> bool:
    """Whether an edge needs vectors of what it reads."""
    if kind == "search":
        return settings.get("search_type") == "vector"
    if kind == "rerank":
        return settings.get("reranker_type") == "embedding"
    if kind == "chunk":
        return settings.get("sub_chunking_mode") == "semantic" and not settings.get("embeddings")
    return kind == "retrieve" or (
        kind == "deep_research" and any(settings.get(key) for key in _RESEARCHED)
    )


def _near(workflow: Workflow, edge: Edge) -> list[Block]:
    known = workflow.block_by_id
    return [known[name] for name in (*edge.sources, *edge.targets) if name in known]


def _named(environments: Iterable[Environment], key: str) -> Iterator[str]:
    """Models of servers that environments choose for vectors or for speech."""
    for environment in environments:
        name = environment.overrides.get(key)
        if isinstance(name, str) and name not in {"", EMBEDDED}:
            yield name


def _models(
    environments: tuple[Environment, ...],
    near: list[Block],
    configs: tuple[Frozen, ...],
    chosen: Environment | None,
) -> Iterator[str]:
    if chosen is None or not _model(chosen.overrides):
        yield _own_model(near, configs)
    if chosen is None or not _host(chosen.overrides.get("base_url")):
        for config in (*configs, *(block.config for block in near)):
            if host := _host(config.get("base_url")):
                yield f"the host {host}"
    for environment in environments:
        if other := _model(environment.overrides):
            yield f"the model {other}"
        if host := _host(environment.overrides.get("base_url")):
            yield f"the host {host}"


def _own_model(near: list[Block], configs: tuple[Frozen, ...]) -> str:
    """The model that an edge or the blocks at its ends name."""
    blocks = [held for block in near for held in (block.config, block.metadata)]
    named = next((name for config in (*configs, *blocks) if (name := _model(config))), "")
    return f"{MODEL}{named}" if named else USUAL_MODEL


def _model(config: Frozen) -> str:
    for key in _MODEL_KEYS:
        value = config.get(key)
        if isinstance(value, str) and value:
            return value
        if isinstance(value, dict) and value:
            return str(next(iter(value)))
    return ""


def _loaded(
    workflow: Workflow, environments: Iterable[Environment], edge: Edge, config: Frozen
) -> Iterator[str]:
    """The hosts of web links, and the model that writes down what files say."""
    kind = str(config.get("block_type") or "")
    sources = [block for block in workflow.blocks if block.id in edge.sources]
    for block in sources:
        if "weblink" in {kind or block.type}:
            yield from (f"the host {host}" for host in _linked(workflow, block))
    if config.get("path") or "file" in {kind, *(block.type for block in sources)}:
        yield from (f"the model {name}" for name in _named(environments, "transcription_model"))


def _linked(workflow: Workflow, block: Block) -> Iterator[str]:
    """The hosts of a block's addresses; all that the manifest declares where a run may give others."""
    given = block.value if block.has_value else None
    for address in given if isinstance(given, list) else [given]:
        yield from _hosts(workflow, address)
    written = any(block.id in edge.targets for edge in workflow.edges)
    if not block.has_value or written or block.id in bind(workflow).inputs.values():
        yield from _declared(workflow)


def _hosts(workflow: Workflow, address: Value) -> Iterator[str]:
    """The host that an address names; where a template stands for it, all that the manifest declares."""
    if not isinstance(address, str):
        return
    host = _host(address)
    if host and "{{" not in host and "}}" not in host:
        yield host
    elif "{{" in address:
        yield from _declared(workflow)


def _declared(workflow: Workflow) -> Iterator[str]:
    return (host for api in workflow.external_apis for host in api.hosts)


def _host(address: Value) -> str:
    try:
        return (urlsplit(address).hostname or "") if isinstance(address, str) else ""
    except ValueError:
        return "that can't be read"
