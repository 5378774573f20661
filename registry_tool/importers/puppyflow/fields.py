"""Fields of foreign edges that don't come along, or that mean less here: reported, never silent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.importers.foreign_values import sub_object, text_of
from registry_tool.importers.imported import Loss
from registry_tool.importers.puppyflow.engine import is_empty
from registry_tool.manifest.config_errors import EXTRA
from registry_tool.manifest.edge_config import edge_schema

_KEYS = frozenset({"api_key", "apiKey", "openai_api_key", "openrouter_api_key"})
_HOSTER = "which server answers is the environment's choice"
_FILTERS = "found pages are not judged by their length or signs"
# Fields that an edge of a type doesn't read, and why; they stay in the configuration.
_IDLE: dict[str, dict[str, str]] = {
    "llm": {
        "sys_prompt": "the editor ignores it as well; use a message of the role system",
        "n": "an edge takes one answer",
        "hoster": _HOSTER,
    },
    "generate": {"n": "an edge takes one answer", "hoster": _HOSTER},
    "search": {
        "min_raw_text_length": _FILTERS,
        "min_summary_length": _FILTERS,
        "min_content_length": _FILTERS,
        "max_replacement_ratio": _FILTERS,
        "min_printable_ratio": _FILTERS,
        "firecrawl_config": "found pages are read without a crawling service",
        "ddg_extra_configs": "DuckDuckGo is asked for texts alone",
        "model_name": "words are separated without a model's tokenizer",
    },
    "chunk": {"model_name": "tokens are estimated without a model's tokenizer"},
}
_HARMLESS: tuple[Value, ...] = ("openrouter", "litellm", 1)


def without_keys(config: Object, where: str, losses: list[Loss]) -> Object:
    """The configuration without keys of services, at any depth: a manifest is public."""
    result: Object = {}
    for key, value in config.items():
        if key not in _KEYS:
            result[key] = _clean(value, where, losses)
        elif not is_empty(value):
            why = "a manifest holds no secrets; set it in the environment, and revoke this one"
            losses.append(Loss(where, key, why))
    return result


def _clean(value: Value, where: str, losses: list[Loss]) -> Value:
    if isinstance(value, list):
        return [_clean(item, where, losses) for item in value]
    return without_keys(value, where, losses) if isinstance(value, dict) else value


def report_fields(config: Frozen, type_: str, where: str, losses: list[Loss]) -> None:
    """Report what an edge of a type doesn't read, and what it finds less of."""
    idle = _IDLE.get(type_, {})
    for key, value in _fields(config):
        if key in idle and not is_empty(value) and value not in _HARMLESS:
            losses.append(Loss(where, key, f"it has no effect: {idle[key]}"))
    if type_ == "search" and text_of(config, "search_type", "web") == "web":
        why = "results hold the service's extracts; declare hosts and set read_pages: true for more"
        losses.append(Loss(where, "the text of the pages that a search finds", why))
    if type_ == "deep_research":
        for name in _elsewhere(config):
            why = "it lies in the editor's database and is not in the file"
            losses.append(Loss(where, f"the collection {name}", why))


def set_aside(config: Object, type_: str, where: str, losses: list[Loss]) -> Object:
    """The configuration with what an edge of the type doesn't know as own keys (`x-…`); nulls are left out."""
    known = cast(Object, edge_schema(type_)["properties"])
    result: Object = {}
    for key, value in config.items():
        if key == EXTRA and EXTRA in known and isinstance(value, dict):
            result[key] = set_aside(value, type_, where, losses)
        elif key in known or key.startswith("x-"):
            result.update({} if value is None else {key: value})
        else:
            result[f"x-{key}"] = value
            why = f"it has no effect: nothing reads it; it is kept as x-{key}"
            losses.extend([] if is_empty(value) else [Loss(where, key, why)])
    return result


def brought_back(config: Frozen, type_: str) -> Object:
    """The configuration with the keys that `set_aside` renamed as they were."""
    known = cast(Object, edge_schema(type_)["properties"])
    result: Object = {}
    for key, value in config.items():
        renamed = (name := key.removeprefix("x-")) not in known and name not in config
        inner = brought_back(value, type_) if key == EXTRA and isinstance(value, dict) else value
        result[name if renamed else key] = inner
    return result


def _fields(config: Frozen) -> Iterator[tuple[str, Value]]:
    for holder in (config, sub_object(config, "extra_configs")):
        yield from holder.items()


def _elsewhere(config: Frozen) -> Iterator[str]:
    """Collections that deep research should search and that belong to no block of the file."""
    extra = sub_object(config, "extra_configs")
    for key in ("vector_config", "vector_search_configs"):
        settings = sub_object(extra, key)
        sources = settings.get("data_source")
        for source in sources if isinstance(sources, list) else []:
            if isinstance(source, dict) and not source.get("id"):
                collection = sub_object(sub_object(source, "index_item"), "collection_configs")
                yield text_of(collection, "collection_name", "without a name")
