"""What the edges of a run may use: built here, in one place, from a program, an environment and this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from registry_tool.core.on_demand import LazyMapping
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.all_providers import price_of
from registry_tool.engine.providers.embeddings.base import Embedder
from registry_tool.engine.providers.embeddings.local import LocalEmbedder
from registry_tool.engine.providers.http.guarded_fetcher import GuardedFetcher, private_hosts
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.sandbox.all_sandboxes import make_sandbox
from registry_tool.engine.settings import RunSettings
from registry_tool.manifest.model import Environment, ExternalApi, Workflow
from registry_tool.manifest.services import SERVICES
from registry_tool.sources.program import Program

if TYPE_CHECKING:
    from registry_tool.engine.providers.http.base import Fetcher
    from registry_tool.engine.providers.speech import Transcriber
    from registry_tool.engine.providers.web_search.base import WebSearch
    from registry_tool.engine.providers.web_search.cohere_rerank import Reranker

_OPERATORS_ADDRESSES = ("ELASTICSEARCH_URL", "PERPLEXITY_BASE_URL")


def services_for(  # noqa: PLR0913, PLR0917 - a run has that many parts
    program: Program,
    environment: Environment,
    model: ModelProvider,
    folder: Path,
    workspace: Path | None,
    budget: Budget,
) -> Services:
    """The services of a program's run; its resources are unpacked below `folder`, and `budget` holds its caps."""
    return Services(
        model=model,
        sandbox=make_sandbox(),
        overrides=environment.overrides,
        operator_address=environment.operator_address,
        environment_hosts=declared_hosts(program.workflow),
        resources=program.unpack_resources(folder / "self"),
        workspace=workspace,
        embedder=embedder_for(environment, budget),
        transcriber=_transcriber_for(environment, budget),
        outbound=outbound_of(program.workflow),
    )


def _transcriber_for(environment: Environment, budget: Budget) -> Transcriber | None:
    spoken = environment.overrides.get("transcription_model")
    if not spoken:
        return None
    from registry_tool.engine.providers.speech import OpenAITranscriber

    return OpenAITranscriber(str(spoken), budget=budget)


def embedder_for(environment: Environment, budget: Budget) -> Embedder:
    """The environment's `embedding_model` at the operator's OpenAI-compatible address, else the embedded one."""
    named = environment.overrides.get("embedding_model")
    if isinstance(named, str) and named and named != LocalEmbedder.name:
        from registry_tool.engine.providers.embeddings.metered import MeteredEmbedder
        from registry_tool.engine.providers.embeddings.openai import OpenAIEmbedder

        return MeteredEmbedder(OpenAIEmbedder(named), price_of("openai"), budget)
    return LocalEmbedder()


def outbound_of(workflow: Workflow) -> OutboundServices:
    """A workflow's ways to the hosts that it declares, and to none else."""
    fetcher = fetcher_of(workflow)
    secrets: dict[str, frozenset[str]] = {}
    for api in workflow.external_apis:
        hosts = frozenset(host.lower() for host in api.hosts if "*" not in host)
        for name in api.secrets:
            secrets[name] = secrets.get(name, frozenset()) | hosts
    return OutboundServices(
        fetcher,
        LazyMapping(lambda: _web_searches(fetcher)),
        LazyMapping(lambda: _rerankers(fetcher)),
        secrets,
        hosts=declared_hosts(workflow),
    )


def _web_searches(fetcher: Fetcher) -> Mapping[str, WebSearch]:
    from registry_tool.engine.providers.all_services import web_searches

    return web_searches(fetcher)


def _rerankers(fetcher: Fetcher) -> Mapping[str, Reranker]:
    from registry_tool.engine.providers.all_services import rerankers

    return rerankers(fetcher)


def fetcher_of(workflow: Workflow) -> GuardedFetcher:
    """Fetches from the hosts that a workflow declares, and from private ones that the operator names."""
    return GuardedFetcher(declared_hosts(workflow), private_hosts(os.environ))


def declared_hosts(workflow: Workflow) -> frozenset[str]:
    """The hosts that a workflow declares, those of the services that it names included."""
    return frozenset(_hosts(workflow.external_apis))


def hosts_of(api: ExternalApi) -> list[str]:
    """The hosts of one service."""
    return list(dict.fromkeys(_hosts([api])))


async def close_outbound(settings: RunSettings) -> None:
    """Close every connection of a run and of the workflows that it called."""
    for outbound in (settings.services.outbound, *(c.outbound for c in settings.callees.values())):
        if isinstance(outbound.fetcher, GuardedFetcher):
            await outbound.fetcher.aclose()


def _hosts(apis: Iterable[ExternalApi]) -> Iterable[str]:
    """Declared hosts; a known service's own, and the operator's address of one, by its name."""
    for api in apis:
        yield from api.hosts
        service = SERVICES.get(api.name)
        if service is None:
            continue
        if service.host:
            yield service.host
        for variable in _OPERATORS_ADDRESSES:
            if variable.startswith(f"{api.name.upper()}_"):
                parts = urlsplit(os.environ.get(variable, ""))
                if parts.hostname:
                    yield f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
