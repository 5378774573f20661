"""`puppy-cli run` and `registry-tool execute`: one run of a program, here."""

from __future__ import annotations

import asyncio
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from registry_tool.commands.program import Program
from registry_tool.commands.services import services_for
from registry_tool.core import clock
from registry_tool.core.errors import UsageError
from registry_tool.core.folders import cache_folder
from registry_tool.core.values import Frozen, Value
from registry_tool.engine.events import Listener
from registry_tool.engine.providers.all_providers import (
    REPLAY,
    make_provider,
    usual_provider,
)
from registry_tool.engine.providers.base import ModelProvider
from registry_tool.engine.providers.counting import Counting
from registry_tool.engine.providers.replay import ReplayProvider
from registry_tool.engine.result_cache import FolderCache, ResultCache
from registry_tool.engine.run import Callee, RunResult, RunSettings, run
from registry_tool.manifest.model import Environment, Workflow


@dataclass(frozen=True, slots=True)
class HowToRun:
    """Where and with what. Empty `provider`: the environment's own, else the usual one.

    `overlay` comes on top of the manifest's environment (a deployment's configuration). `workspace` is the folder
    that `save` edges write. `timeout` (seconds) can only shorten the workflow's own. `on_text` takes an edge's id
    and a piece of a model's answer as it comes. With `fresh`, no remembered result is used and none is kept.
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


def run_program(program: Program, inputs: Mapping[str, Value], how: HowToRun) -> RunResult:
    """One run to its end; `UsageError` for wrong inputs or an unknown environment."""
    return asyncio.run(_run(program, inputs, how))


async def _run(program: Program, inputs: Mapping[str, Value], how: HowToRun) -> RunResult:
    environment = environment_of(program.workflow, how.environment, how.overlay)
    model = Counting(provider_for(program, how.provider, environment))
    with tempfile.TemporaryDirectory(prefix="puppy-run-") as folder:
        try:
            return await run(
                program.workflow, inputs, _settings(program, how, environment, model, Path(folder))
            )
        finally:
            await model.aclose()


def _settings(
    program: Program, how: HowToRun, environment: Environment, model: ModelProvider, folder: Path
) -> RunSettings:
    settings = settings_for(
        program,
        environment,
        model,
        folder,
        execution_id=how.execution_id or new_execution_id(),
        listeners=how.listeners,
        workspace=how.workspace,
    )
    bounds = [bound for bound in (settings.timeout, how.timeout) if bound is not None]
    return replace(
        settings,
        services=replace(settings.services, on_text=how.on_text),
        timeout=min(bounds, default=None),
        concurrency=how.concurrency or settings.concurrency,
        cache=None if how.fresh else cache_for(program.workflow),
    )


def cache_for(workflow: Workflow) -> ResultCache | None:
    """Where results of edges with `cache: true` are remembered; nowhere where a run's data must not stay."""
    if workflow.security.encryption or workflow.security.pii_handling != "keep":
        return None
    return FolderCache(cache_folder() / "results")


def settings_for(  # noqa: PLR0913 - a run has that many parts, all named
    program: Program,
    environment: Environment,
    model: ModelProvider,
    folder: Path,
    *,
    execution_id: str,
    listeners: tuple[Listener, ...] = (),
    workspace: Path | None = None,
) -> RunSettings:
    """The engine's settings for a program; resources are unpacked below `folder`."""
    services = services_for(program, environment, model, folder, workspace)
    callees = {
        name: Callee(callee.workflow, callee.unpack_resources(folder / name), callee.digest)
        for name, callee in program.callees.items()
    }
    timeout = program.workflow.requirements.timeout
    return RunSettings(
        execution_id=execution_id,
        services=services,
        environment=environment.name,
        variables=environment.variables,
        timeout=clock.seconds(timeout) if timeout else None,
        callees=callees,
        listeners=listeners,
    )


def environment_of(workflow: Workflow, name: str, overlay: Frozen | None = None) -> Environment:
    """The manifest's environment with the overlay on top.

    A name that the manifest lacks is refused, unless it has none at all or the registry gave the overlay.
    """
    known = workflow.environment_by_name
    if name and known and name not in known and overlay is None:
        raise UsageError(
            f"{workflow.reference} has no environment {name!r}",
            way_out=f"it has {', '.join(known)}",
        )
    own = known.get(name, Environment(name))
    extra = dict(overlay or {})
    variables = extra.pop("variables", {})
    return Environment(
        name,
        {**own.overrides, **extra},
        {**own.variables, **(variables if isinstance(variables, dict) else {})},
    )


def provider_for(program: Program, named: str, environment: Environment) -> ModelProvider:
    """The provider of a run: the named one, else the environment's, else the usual one of this machine."""
    wanted = provider_name(program, named, environment)
    return ReplayProvider(program.cassette()) if wanted == REPLAY else make_provider(wanted)


def provider_name(program: Program, named: str, environment: Environment) -> str:
    """The name of that provider; `replay` where no model is ever asked."""
    wanted = named or str(environment.overrides.get("provider") or "")
    return wanted or (usual_provider() if _asks(program) else REPLAY)


def _asks(program: Program) -> bool:
    quiet = {"code", "modify", "branch", "loop", "load", "save"}
    workflows = [program.workflow, *(callee.workflow for callee in program.callees.values())]
    return any(edge.type not in quiet for workflow in workflows for edge in workflow.edges)


def new_execution_id() -> str:
    """`exec-` and 12 random hex digits."""
    return f"exec-{secrets.token_hex(6)}"
