"""`puppy-cli run` and `registry-tool execute`: one run of a program, here."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from registry_tool.core import clock
from registry_tool.core.folders import cache_folder
from registry_tool.core.records import Record
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.answerers import Answerers
from registry_tool.engine.events import Listener
from registry_tool.engine.providers.all_providers import (
    NO_LIMITS,
    REPLAY,
    make_provider,
    usual_is_chosen,
    usual_provider,
)
from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.cassettes.replay import ReplayProvider
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.engine.providers.models.rate_limit import RateLimits
from registry_tool.engine.result_cache import ResultCache, folder_cache
from registry_tool.engine.room import Room
from registry_tool.engine.run import Callee, RunResult, RunSettings, run
from registry_tool.engine.settings import RunEnvironment
from registry_tool.engine.stepping import Stepper
from registry_tool.manifest.model import Edge, Environment
from registry_tool.runtime.environments import environment_of
from registry_tool.runtime.services import close_outbound, outbound_of, services_for
from registry_tool.runtime.substitutes import demand_own_model
from registry_tool.sources.program import Program


class RunOptions(Record, frozen=True):
    """Where and with what. Empty `provider`: the environment's own, else the usual one.

    `overlay` comes on top of the manifest's environment (a deployment's configuration). `workspace` is the folder
    that `save` edges write. `timeout` (seconds) can only shorten the workflow's own. `on_text` takes an edge's id
    and a piece of a model's answer as it comes. With `fresh`, no remembered result is used and none is kept.
    `max_tokens` and `max_cost` (dollars) are caps on the whole run. With a `stepper`, edges go one after the
    other, and no timeout counts the time that somebody takes to read.
    """

    environment: str = ""
    provider: str = ""
    overlay: Frozen | None = None
    listeners: tuple[Listener, ...] = ()
    execution_id: str = ""
    workspace: Path | None = None
    timeout: float | None = None
    concurrency: int | None = None
    on_text: Callable[[str, str], None] | None = None
    fresh: bool = False
    max_tokens: int | None = None
    max_cost: float | None = None
    stepper: Stepper | None = None


def run_program(program: Program, inputs: Mapping[str, Value], how: RunOptions) -> RunResult:
    """One run to its end; `UsageError` for wrong inputs or an unknown environment."""
    return asyncio.run(run_in_loop(program, inputs, how))


async def run_in_loop(program: Program, inputs: Mapping[str, Value], how: RunOptions) -> RunResult:
    """`run_program` in the loop that awaits it; a cancelled run ends all that it started."""
    environment = environment_of(program.workflow, how.environment, how.overlay)
    budget = budget_for(environment, how.max_tokens, how.max_cost)
    model = RepeatCounter(provider_for(program, how.provider, environment, budget))
    answerers = Answerers()
    how = replace(how, listeners=(answerers, *how.listeners))
    with tempfile.TemporaryDirectory(prefix="puppy-run-") as folder:
        settings = _settings(program, how, environment, model, Path(folder), budget)
        try:
            result = answerers.with_answerers(await run(program.workflow, inputs, settings))
            return replace(result, capped=budget.reached)
        finally:
            await model.aclose()
            await close_outbound(settings)


def _settings(  # noqa: PLR0913, PLR0917 - a run has that many parts
    program: Program,
    how: RunOptions,
    environment: Environment,
    model: ModelProvider,
    folder: Path,
    budget: Budget,
) -> RunSettings:
    settings = settings_for(
        program,
        environment,
        model,
        folder,
        execution_id=how.execution_id or new_execution_id(),
        listeners=how.listeners,
        workspace=how.workspace,
        budget=budget,
    )
    bounds = [bound for bound in (settings.timeout, how.timeout) if bound is not None]
    return replace(
        settings,
        services=replace(settings.services, on_text=how.on_text),
        timeout=None if how.stepper else min(bounds, default=None),
        stepper=how.stepper,
        concurrency=how.concurrency or settings.concurrency,
        cache=None if how.fresh else cache_for(program),
    )


def cache_for(program: Program) -> ResultCache | None:
    """Where results of edges with `cache: true` are remembered; nowhere where a run's data must not stay.

    A called workflow's promises hold for what its caller's run remembers, too.
    """
    privacy = program.privacy
    if privacy.encryption or privacy.pii_handling != "keep":
        return None
    return folder_cache(cache_folder(), privacy.data_retention)


def settings_for(  # noqa: PLR0913 - a run has that many parts, all named
    program: Program,
    environment: Environment,
    model: ModelProvider,
    folder: Path,
    *,
    execution_id: str,
    listeners: tuple[Listener, ...] = (),
    workspace: Path | None = None,
    room: Room | None = None,
    budget: Budget | None = None,
) -> RunSettings:
    """The engine's settings for a program; resources are unpacked below `folder`. Runs may share a `room`."""
    caps = budget or budget_for(environment)
    services = services_for(program, environment, model, folder, workspace, caps)
    services = replace(services, room=room or services.room)
    callees = {
        name: Callee(
            callee.workflow,
            callee.unpack_resources(folder / name),
            callee.digest,
            outbound_of(callee.workflow),
        )
        for name, callee in program.callees.items()
    }
    timeout = program.workflow.requirements.timeout
    return RunSettings(
        execution_id=execution_id,
        services=services,
        environment=environment.name,
        variables=environment.variables,
        run=RunEnvironment(environment, services.environment_hosts),
        timeout=clock.seconds(timeout) if timeout else None,
        callees=callees,
        listeners=listeners,
    )


def provider_for(
    program: Program, named: str, environment: Environment, budget: Budget | None = None
) -> ModelProvider:
    """The provider of a run: the named one, else the environment's, else the usual one of this machine."""
    wanted = provider_name(program, named, environment)
    if wanted == REPLAY:
        return ReplayProvider(program.cassette())
    return make_provider(wanted, limits_of(environment), budget)


def provider_name(program: Program, named: str, environment: Environment) -> str:
    """The name of that provider; `replay` where no model is ever asked.

    `SubstituteError` where it would answer with another model than the manifest's and nobody allowed that.
    """
    explicit = named or str(environment.overrides.get("provider") or "")
    if not asks_model(program):
        return explicit or REPLAY
    chosen = explicit or usual_provider()
    workflows = [program.workflow, *(callee.workflow for callee in program.callees.values())]
    demand_own_model(workflows, environment, chosen, explicit=bool(explicit or usual_is_chosen()))
    return chosen


def limits_of(environment: Environment) -> RateLimits:
    """How fast an environment's provider may be asked."""
    limits = cast(Mapping[str, float | None], environment.limits)
    return RateLimits(
        limits.get("requests_per_minute"),
        limits.get("tokens_per_minute"),
        int(limits.get("concurrency") or NO_LIMITS.concurrency),
    )


def budget_for(
    environment: Environment, max_tokens: int | None = None, max_cost: float | None = None
) -> Budget:
    """A run's caps: the smaller of the environment's and the command's."""
    limits = cast(Mapping[str, float | None], environment.limits)
    tokens = [n for n in (limits.get("tokens_per_run"), max_tokens) if n is not None]
    costs = [n for n in (limits.get("cost_per_run"), max_cost) if n is not None]
    return Budget(int(min(tokens)) if tokens else None, min(costs, default=None))


def asks_model(program: Program) -> bool:
    """Whether an edge of a program or of its callees asks a model for words."""
    quiet = {"code", "modify", "branch", "loop", "load", "save", "http", "retrieve"}
    workflows = [program.workflow, *(callee.workflow for callee in program.callees.values())]
    return any(
        edge.type not in quiet and not _only_searches(edge)
        for workflow in workflows
        for edge in workflow.edges
    )


def _only_searches(edge: Edge) -> bool:
    """Whether a search asks services or its sources, and no model."""
    return edge.type == "search" and edge.config.get("search_type") not in {"llm", "vector"}


def new_execution_id() -> str:
    """`exec-` and 12 random hex digits."""
    return f"exec-{secrets.token_hex(6)}"
