"""One item of a batch after another: what is set up once for all, and what each run gets of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, cast
from urllib.parse import urlsplit

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.batch.executors import LocalExecutor
from registry_tool.engine.batch.items import Item
from registry_tool.engine.batch.keys import Code, Keys
from registry_tool.engine.edges.base import Services
from registry_tool.engine.plan import plan
from registry_tool.engine.providers.all_providers import REPLAY, price_of
from registry_tool.engine.providers.cassettes.repeat_count import RepeatCounter
from registry_tool.engine.providers.embeddings.metered import MeteredEmbedder
from registry_tool.engine.providers.models.base import ModelProvider
from registry_tool.engine.providers.models.metered import Metered
from registry_tool.engine.providers.models.openai_compatible import DEFAULT_BASE_URL
from registry_tool.engine.runner import Runner
from registry_tool.engine.settings import RunSettings
from registry_tool.manifest.digest import content_hash
from registry_tool.manifest.model import Environment
from registry_tool.runtime.run_program import budget_for, cache_for, provider_for, settings_for
from registry_tool.runtime.services import close_outbound
from registry_tool.sources.program import Program, program_from_files
from registry_tool.store import paths


@dataclass(frozen=True, slots=True)
class BatchContext:
    """What the runs of a batch have in common; it pickles. `timeout` (seconds) bounds each item.

    `folders` are the files of the workflow (under the empty name) and of each callee that a run may need.
    """

    folders: Mapping[str, Mapping[str, bytes]]
    location: str = ""
    environment: str = ""
    overrides: Frozen = field(default_factory=dict)
    variables: Frozen = field(default_factory=dict)
    limits: Frozen = field(default_factory=dict)
    operator_address: str = ""
    overlay: Frozen = field(default_factory=dict)
    overlay_variables: Frozen = field(default_factory=dict)
    provider: str = ""
    timeout: float | None = None
    concurrency: int = 1

    def program(self) -> Program:
        """The program, read anew."""
        own, *others = self.folders
        callees = {name: program_from_files(self.folders[name], name) for name in others}
        program = program_from_files(self.folders[own], self.location)
        return replace(program, callees=callees)


def needed_files(program: Program) -> dict[str, dict[str, bytes]]:
    """The files of a program and its callees that a run may need, by name; the program's own under no name."""
    programs = {"": program, **program.callees}
    return {
        name: {path: data for path, data in part.files.items() if _is_needed(path)}
        for name, part in programs.items()
    }


def _is_needed(path: str) -> bool:
    known = {paths.MANIFEST, paths.PROJECT_MANIFEST, paths.CASSETTES}
    return path in known or path.startswith(f"{paths.RESOURCES}/")


def keys_of(program: Program, job: BatchContext) -> Keys:
    """How the items of a job are named: by everything that makes their results."""
    about: Object = {
        "environment": job.environment,
        "overrides": dict(job.overrides),
        "variables": dict(job.variables),
        "provider": job.provider,
        "address": _address(job.provider),
        "recorded": "",
    }
    if program.callees and (job.overlay or job.overlay_variables):
        about |= {"overlay": dict(job.overlay), "overlay_variables": dict(job.overlay_variables)}
    if job.provider == REPLAY:
        about["recorded"] = content_hash(program.files.get(paths.CASSETTES, b""))
    return Keys(_code(program), about)


def _address(provider: str) -> str:
    """Whom the provider asks, without any name or password in it."""
    if provider != "openai":
        return ""
    parts = urlsplit(os.environ.get("OPENAI_BASE_URL") or DEFAULT_BASE_URL)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or ''}{parts.path}"


def _code(program: Program) -> Code:
    resources = {p: c for p, c in program.files.items() if p.startswith(f"{paths.RESOURCES}/")}
    callees = {name: _code(callee) for name, callee in program.callees.items()}
    return Code(program.workflow, resources, callees)


class ItemRunner:
    """Runs items in this process, as many at once as its caller likes. Open it with `async with`."""

    def __init__(self, program: Program, job: BatchContext) -> None:
        self._program, self._job = program, job
        self._stack = AsyncExitStack()
        self._plan = plan(program.workflow)
        self._model: ModelProvider | None = None
        self._settings = RunSettings("")

    async def __aenter__(self) -> Self:
        job = self._job
        environment = Environment(
            job.environment,
            job.overrides,
            job.variables,
            job.limits,
            operator_address=job.operator_address,
            overlay=job.overlay,
            overlay_variables=job.overlay_variables,
        )
        self._model = provider_for(self._program, job.provider, environment)
        self._stack.push_async_callback(self._model.aclose)
        folder = self._stack.enter_context(tempfile.TemporaryDirectory(prefix="puppy-batch-"))
        settings = settings_for(
            self._program, environment, self._model, Path(folder), execution_id=""
        )
        self._stack.push_async_callback(close_outbound, settings)
        bounds = [bound for bound in (settings.timeout, job.timeout) if bound is not None]
        self._settings = replace(
            settings,
            timeout=min(bounds, default=None),
            cache=cache_for(self._program),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def __call__(self, item: Item) -> Object:
        """The item's record; a failure is a record, too."""
        settings = replace(
            self._settings, execution_id=f"exec-{item.key[:12]}", services=self._services()
        )
        result = await Runner(self._plan, item.inputs, settings).execute()
        made: Object = {"error": result.error} if result.error else {"outputs": {**result.outputs}}
        if result.notices:
            made["notices"] = list[Value](result.notices)
        return {
            "status": result.status,
            **made,
            "usage": cast(Value, result.usage.to_value()),
            "seconds": round(result.seconds, 3),
        }

    def _services(self) -> Services:
        """Recorded answers are found by how often a run asked the same; other providers need no count."""
        services = self._settings.services
        if self._model is not None and {"tokens_per_run", "cost_per_run"} & self._job.limits.keys():
            caps = budget_for(Environment("", limits=self._job.limits))
            model = Metered(self._model, price_of(self._job.provider), caps)
            embedder = services.embedder
            if isinstance(embedder, MeteredEmbedder):
                embedder = embedder.within(caps)
            services = replace(services, model=model, embedder=embedder)
        if self._job.provider == REPLAY and self._model is not None:
            return replace(services, model=RepeatCounter(self._model))
        return services


def calm_collector() -> None:
    """Look for cycles less often, which saves a tenth of an item's time: in a process that does nothing else."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def run_chunk(job: BatchContext, items: list[Item]) -> list[Object]:
    """The records of items, in their order: what a worker of a cluster does."""
    return asyncio.run(_run_chunk(job, items))


async def _run_chunk(job: BatchContext, items: list[Item]) -> list[Object]:
    records: dict[int, Object] = {}

    def keep(item: Item, record: Object) -> None:
        records[item.line] = record

    async with ItemRunner(job.program(), job) as run:
        await LocalExecutor(run, job.concurrency).execute(iter(items), keep)
    return [records[item.line] for item in items]
