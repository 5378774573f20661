"""What a `deep_research` edge may search: what its configuration names, else what has its secrets."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.asking.services import service
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.search import WEB
from registry_tool.engine.providers.web_search.service_client import MissingSecretError

DOCUMENTS = "documents"
_KEYS = {
    "web": ("google_search_configs", "web_config"),
    "perplexity": ("perplexity_search_configs", "perplexity_config"),
    DOCUMENTS: ("vector_search_configs", "vector_config"),
}


def tools_of(services: Services, config: Object) -> dict[str, Object]:
    """Settings by the name that the model is told; `EdgeError` names every secret that is missing."""
    named = dict(_named(config))
    found: dict[str, Object] = {}
    missing: list[MissingSecretError] = []
    for name, settings in (named or _usual(services)).items():
        try:
            if name != DOCUMENTS:
                service(services, name).check()
            found[name] = settings
        except MissingSecretError as error:
            missing.append(error)
    if missing and (named or not found):
        raise EdgeError(
            "; ".join(error.reason for error in missing),
            way_out="; ".join(error.way_out for error in missing)
            + "; or set enabled: false in what the edge shall not search",
        )
    if not found:
        raise EdgeError("this run has no search services to research with")
    return found


def _named(config: Object) -> Iterator[tuple[str, Object]]:
    for kind, keys in _KEYS.items():
        settings = next((config[key] for key in keys if config.get(key)), None)
        if not isinstance(settings, dict) or settings.get("enabled", True) is False:
            continue
        if kind == DOCUMENTS and not _has_blocks(settings.get("data_source")):
            continue
        wanted = str(settings.get("sub_search_type") or "google")
        yield (WEB.get(wanted, "google") if kind == "web" else kind), settings


def _has_blocks(sources: Value) -> bool:
    """Whether a source is a block of this workflow; others lie in the editor's own database."""
    found = sources if isinstance(sources, list) else []
    return any(isinstance(source, dict) and source.get("id") for source in found)


def _usual(services: Services) -> dict[str, Object]:
    return {name: {} for name in ("google", "perplexity") if name in services.web_search}
