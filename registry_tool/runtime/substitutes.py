"""Another model than the manifest's answers only where somebody allowed it.

In a registry's environment that is its own `substitute: local`; elsewhere whoever names the provider. What answers
then is said by the run, its record and `status`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen
from registry_tool.engine.answerers import same_model
from registry_tool.engine.providers.models.weights import EMBEDDING, MODEL
from registry_tool.manifest.callee_environment import callee_environment
from registry_tool.manifest.destinations import asks_model, embeds, parts
from registry_tool.manifest.model import Edge, Environment, Workflow
from registry_tool.sources.program import Program

SUBSTITUTE: Final = "substitute"
LOCAL: Final = "local"


class SubstituteError(RegistryError):
    """Another model than the manifest's would answer, and nobody allowed it; says the ways out."""


def demand_own_model(
    workflows: Sequence[Workflow], environment: Environment, provider: str, *, explicit: bool
) -> None:
    """`SubstituteError` where the embedded models would answer for others that the manifests name.

    `explicit` says that somebody chose the provider, which counts outside a registry's environments.
    """
    if allows(environment, explicit=explicit):
        return
    others = substituted(workflows, environment, provider)
    if not others:
        return
    answering = MODEL if provider == LOCAL else EMBEDDING.model
    raise SubstituteError(
        f"the manifest names {', '.join(others)}, and {answering} would answer instead",
        location=f"environment {environment.name}" if environment.name else "",
        hint=_hint_of(environment),
    )


def allows(environment: Environment, *, explicit: bool) -> bool:
    """Whether another model may answer here."""
    if environment.governed:
        return environment.overrides.get(SUBSTITUTE) == LOCAL
    return explicit


def substituted(
    workflows: Iterable[Workflow], environment: Environment, provider: str
) -> list[str]:
    """The models that an embedded one answers for, in the order of the manifests."""
    found: dict[str, None] = {}
    for workflow, here in environments_of(workflows, environment):
        if provider == LOCAL:
            found |= dict.fromkeys(_chat_models(workflow, here.overrides))
        if environment.governed and not environment.overrides.get("embedding_model"):
            found |= dict.fromkeys(_embedders(workflow))
    return list(found)


def other_models(program: Program, model: str) -> list[str]:
    """The models that a program and those it calls name for words, but for `model`."""
    own = Environment("")
    workflows = [program.workflow, *(callee.workflow for callee in program.callees.values())]
    named = {name: None for one in workflows for name in _models_named(one, own.overrides)}
    return [name for name in named if not same_model(name, model)]


def environments_of(
    workflows: Iterable[Workflow], environment: Environment
) -> Iterator[tuple[Workflow, Environment]]:
    """With what each runs: the first with the environment, those it calls as `callee_environment` says."""
    for position, workflow in enumerate(workflows):
        yield workflow, callee_environment(workflow, environment) if position else environment


def _chat_models(workflow: Workflow, overrides: Frozen) -> Iterator[str]:
    """Models that are named for words, but the embedded one."""
    for named in _models_named(workflow, overrides):
        if named != LOCAL and not same_model(named, MODEL):
            yield named


def _models_named(workflow: Workflow, overrides: Frozen) -> Iterator[str]:
    """By the environment, else by edges and llm blocks."""
    for edge in workflow.edges:
        for kind, config in parts(edge):
            if asks_model(kind, config):
                own = _model_of(workflow, edge, config)
                if named := _named((overrides,), ("llm_model", "model")) or own:
                    yield named


def _model_of(workflow: Workflow, edge: Edge, config: Frozen) -> str:
    known = workflow.block_by_id
    near = [known[name] for name in (*edge.sources, *edge.targets) if name in known]
    held = [values for block in near for values in (block.config, block.metadata)]
    return _named((edge.config, config, *held), ("model",))


def _named(locations: Iterable[Frozen], keys: tuple[str, ...]) -> str:
    """The first model that is named: as a text, or as {"maker/model": {}}, as older editors wrote it."""
    for location in locations:
        for key in keys:
            value = location.get(key)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, dict) and len(value) == 1:
                return next(iter(value))
    return ""


def _embedders(workflow: Workflow) -> Iterator[str]:
    """Models that edges name for vectors, but the embedded one."""
    for edge in workflow.edges:
        for kind, config in parts(edge):
            named = _named((config,), ("model",)) if kind == "retrieve" else ""
            if named and embeds(kind, config) and not same_model(named, EMBEDDING.model):
                yield named


def _hint_of(environment: Environment) -> str:
    if not environment.governed:
        return "set OPENAI_API_KEY, or let the embedded model answer: --provider local"
    name = environment.name
    return (
        f"give {name} what asks that model (OPENAI_API_KEY, OPENAI_BASE_URL, `embedding_model`), or let the "
        f"embedded ones answer there: `substitute: local` in environments.{name} of registry.yaml; deploy again"
    )
