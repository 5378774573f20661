"""What a `deep_research` edge may search: what its configuration names, else what has its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from registry_tool.core.values import Frozen
from registry_tool.engine.edges.asking.services import service
from registry_tool.engine.edges.base import EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.config import spelled
from registry_tool.engine.edges.ranking.documents import DocumentsConfig
from registry_tool.engine.edges.search import WEB
from registry_tool.engine.providers.web_search.service_client import MissingSecretError

DOCUMENTS = "documents"


@dataclass(frozen=True, kw_only=True)
class ServiceConfig:
    """A service, by default as usual; `written` has the fields that it reads of its own."""

    enabled: bool = True
    top_k: int = 3
    written: Frozen = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class WebConfig(ServiceConfig):
    """A web search."""

    sub_search_type: Literal["google", "google_v2", "ddg", "duckduckgo"] = "google"


@dataclass(frozen=True, kw_only=True)
class VectorConfig(DocumentsConfig):
    """The author's own documents."""

    enabled: bool = True
    top_k: int = 5


Tool = ServiceConfig | VectorConfig


@dataclass(frozen=True, kw_only=True)
class ToolsConfig:
    """What may be searched; none of them: every service that has its secrets."""

    web_config: WebConfig | None = field(
        default=None, metadata=spelled("google_search_configs", "web_config")
    )
    perplexity_config: ServiceConfig | None = field(
        default=None, metadata=spelled("perplexity_search_configs", "perplexity_config")
    )
    vector_config: VectorConfig | None = field(
        default=None, metadata=spelled("vector_search_configs", "vector_config")
    )


def tools_of(services: Services, config: ToolsConfig) -> dict[str, Tool]:
    """Settings by the name that the model is given; `EdgeError` names every secret that is missing."""
    named = dict[str, Tool](_named(config))
    found: dict[str, Tool] = {}
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
            hint="; ".join(error.hint for error in missing)
            + "; or set enabled: false in what the edge shall not search",
        )
    if not found:
        raise MissingServiceError("this run has no search services to research with")
    return found


def _named(config: ToolsConfig) -> Iterator[tuple[str, Tool]]:
    web, perplexity, documents = config.web_config, config.perplexity_config, config.vector_config
    if web and web.written and web.enabled:
        yield WEB[web.sub_search_type], web
    if perplexity and perplexity.written and perplexity.enabled:
        yield "perplexity", perplexity
    if documents and documents.enabled and documents.named():
        yield DOCUMENTS, documents


def _usual(services: Services) -> dict[str, Tool]:
    return {
        name: ServiceConfig() for name in ("google", "perplexity") if name in services.web_search
    }
