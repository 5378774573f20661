"""Can an environment's providers be asked? Proved before anything serves: models, vectors, hosts of services.

A model is known to its server or answers; an embedded one loads. Of a service it is proved that its host answers
and that its secrets are set, never that they are accepted: only its own use would tell. What can't be proved is
said.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine.estimate import questions_of
from registry_tool.engine.providers.all_providers import REPLAY, demand_provider, usual_provider
from registry_tool.engine.providers.embeddings.local import LocalEmbedder
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.providers.http.base import FetchRequest
from registry_tool.engine.providers.http.guarded_fetcher import GuardedFetcher
from registry_tool.engine.providers.models.local import prove_loadable
from registry_tool.engine.providers.models.weights import EMBEDDING, MODEL
from registry_tool.engine.providers.probing import ProbeQuestion, prove_model
from registry_tool.manifest.destinations import embeds, parts
from registry_tool.manifest.model import Environment, Workflow
from registry_tool.runtime.run_program import asks_model
from registry_tool.runtime.services import declared_hosts, fetcher_of, hosts_of
from registry_tool.runtime.substitutes import LOCAL, demand_own_model, environments_of, substituted
from registry_tool.sources.program import Program

_SECONDS = 10.0
_OPENAI = "openai"


@dataclass(frozen=True, slots=True)
class ProviderEvidence:
    """What was proved of an environment's providers, and what couldn't be; sentences."""

    proved: tuple[str, ...] = ()
    unproved: tuple[str, ...] = ()

    def to_value(self) -> Object:
        """As the health check's event holds it: only what there is."""
        value: Object = {}
        if self.proved:
            value["providers"] = list[Value](self.proved)
        if self.unproved:
            value["unproved"] = list[Value](self.unproved)
        return value


def provider_of(program: Program, environment: Environment, environ: Mapping[str, str]) -> str:
    """Who answers a program's runs in an environment; empty where no model is asked for words.

    `SubstituteError` where it would be another model than the manifest's, and the environment doesn't allow that;
    `UsageError` for a word that is not a provider, of which no run could begin.
    """
    named = str(environment.overrides.get("provider") or "")
    if named:
        demand_provider(named, f"the provider of {environment.name}")
    chosen = (named or _usual(environ)) if asks_model(program) else ""
    demand_own_model(workflows_of(program), environment, chosen, explicit=bool(named))
    return chosen


def workflows_of(program: Program) -> list[Workflow]:
    """A program's workflow, and those that it may call."""
    return [program.workflow, *(callee.workflow for callee in program.callees.values())]


def answering(program: Program, environment: Environment, provider: str) -> Object:
    """The models that answer for others, as `allocation` keeps them; empty where none does."""
    others = substituted(workflows_of(program), environment, provider)
    if not others:
        return {}
    return {
        "answered_by": MODEL if provider == LOCAL else EMBEDDING.model,
        "instead_of": ", ".join(others),
    }


def _usual(environ: Mapping[str, str]) -> str:
    try:
        return usual_provider(environ)
    except MissingToolError:
        return _OPENAI


def prove(
    program: Program, environment: Environment, provider: str, environ: Mapping[str, str]
) -> ProviderEvidence:
    """Ask every provider that a run needs; `RegistryError` for the first that can't be asked."""
    proved = [*_models(program, environment, provider, environ)]
    if provider == REPLAY:
        return ProviderEvidence(
            tuple(proved), ("recorded answers are replayed: no model is asked",)
        )
    more, unproved = _hosts(program)
    return ProviderEvidence((*proved, *more), tuple(unproved))


def _models(
    program: Program, environment: Environment, provider: str, environ: Mapping[str, str]
) -> Iterator[str]:
    if provider == LOCAL:
        prove_loadable()
        yield f"{MODEL} is installed and loads"
    questions = {
        ProbeQuestion(
            model,
            address,
            vectors,
            declared_hosts(workflow) | declared_hosts(program.workflow),
            bool(address) and address == environment.operator_address,
        )
        for workflow, here in environments_of(workflows_of(program), environment)
        for model, address, vectors in questions_of(workflow, here)
    }
    for one in sorted(questions, key=lambda item: (item.embeds, item.model)):
        if one.embeds or provider == _OPENAI:
            yield prove_model(one, environ)
    if _embeds_here(program, environment):
        asyncio.run(LocalEmbedder().embed(["ping"]))
        yield f"{EMBEDDING.model} is installed and loads"


def _embeds_here(program: Program, environment: Environment) -> bool:
    named = environment.overrides.get("embedding_model")
    if named and named != EMBEDDING.model:
        return False
    edges = (edge for workflow in workflows_of(program) for edge in workflow.edges)
    return any(embeds(kind, config) for edge in edges for kind, config in parts(edge))


def _hosts(program: Program) -> tuple[list[str], list[str]]:
    """(proved, not proved); `RegistryError` where a required service's host doesn't answer."""
    proved: dict[str, None] = {}
    unproved: dict[str, None] = {}
    for workflow in workflows_of(program):
        for api in workflow.external_apis:
            if api.secrets:
                unproved[f"that {api.name} accepts {', '.join(api.secrets)}"] = None
            for host in hosts_of(api):
                if "*" in host:
                    unproved[f"that {host} answers: it stands for many"] = None
                elif error := _unreachable(workflow, host):
                    if api.required:
                        raise RegistryError(
                            f"the host {host} of {api.name} can't be reached: {error.reason}",
                            location=error.location,
                            hint="look at the network, or set `required: false` where runs can do without it",
                        )
                    unproved[f"that {host} answers: {error.reason}"] = None
                else:
                    proved[f"{host} answers"] = None
    return list(proved), list(unproved)


def _unreachable(workflow: Workflow, host: str) -> ProviderError | None:
    """Why a host can't be reached over HTTPS nor HTTP; None where it answers, whatever it says."""
    schemes = ("https", "http") if ":" in host else ("https",)
    failed: ProviderError | None = None
    for scheme in schemes:
        try:
            asyncio.run(_touch(fetcher_of(workflow), f"{scheme}://{host}/"))
        except ProviderError as error:
            failed = failed or error
        else:
            return None
    return failed


async def _touch(fetcher: GuardedFetcher, url: str) -> None:
    try:
        await fetcher.fetch(FetchRequest(url, "HEAD", timeout=_SECONDS, largest=2**16))
    finally:
        await fetcher.aclose()
