"""The run: ready edges go together, branches that aren't taken are skipped, everything is told.

A block is settled when every edge that writes it is done or skipped; of several writers the one declared last
wins. An edge is skipped when all the blocks it reads that edges produce were skipped; a single missing one
among others reads as null.
"""

from __future__ import annotations

import asyncio
import time
from collections import ChainMap
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NoReturn, cast

from registry_tool.core import clock
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.edges.all_edges import edge_kind
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.engine.events import Event, Listener
from registry_tool.engine.inputs import check_value, checked_inputs
from registry_tool.engine.mapping import looped_sources, run_looped
from registry_tool.engine.plan import EdgeStep, LoopStep, Plan, Step, plan
from registry_tool.engine.providers.base import Usage
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.scope import Referent, Scopes

SUCCESS = "success"
ERROR = "error"


class RunError(RegistryError):
    """A run failed; names edge, target block and cause."""


@dataclass(frozen=True, slots=True)
class Callee:
    """A dependency that `workflow` edges may call, and the folder of its resources."""

    workflow: Workflow
    resources: Path | None = None


@dataclass(frozen=True, slots=True)
class RunSettings:
    """How to run: the environment's overrides and variables, limits, and what to tell.

    `concurrency` bounds edges (and items of looped edges) in flight; `timeout` is in seconds. `callees` holds
    every dependency, also those of dependencies, by name.
    """

    execution_id: str
    services: Services = field(default_factory=Services)
    environment: str = ""
    variables: Frozen = field(default_factory=dict)
    concurrency: int = 16
    timeout: float | None = None
    callees: Mapping[str, Callee] = field(default_factory=dict)
    listeners: tuple[Listener, ...] = ()
    now: Callable[[], datetime] = field(default_factory=lambda: clock.SystemClock().now)
    monotonic: Callable[[], float] = time.perf_counter


@dataclass(frozen=True, slots=True)
class RunResult:
    """What came out. `error` is empty for a success; `seconds` is wall time."""

    execution_id: str
    status: str
    outputs: Mapping[str, Value]
    blocks: Mapping[str, Value]
    usage: Usage
    seconds: float
    error: str = ""

    def to_value(self) -> Object:
        """The JSON shape of SPEC.md §4."""
        value: Object = {
            "execution_id": self.execution_id,
            "status": self.status,
            "outputs": dict(self.outputs),
            "blocks": dict(self.blocks),
            "usage": cast(Value, self.usage.to_value()),
            "seconds": round(self.seconds, 3),
        }
        if self.error:
            value["error"] = self.error
        return value


async def run(workflow: Workflow, inputs: Mapping[str, Value], settings: RunSettings) -> RunResult:
    """Runs a workflow to its end. Wrong inputs raise; a failure inside is a result with status `error`."""
    given = checked_inputs(workflow, inputs)
    return await _Run(plan(workflow), given, settings).execute()


class _Run:
    def __init__(self, plan: Plan, inputs: Mapping[str, Value], settings: RunSettings) -> None:
        self.plan = plan
        self.workflow = plan.workflow
        self.settings = settings
        self.inputs = inputs
        self.values: dict[str, Value] = {}
        self.usage = Usage()
        self._scopes = Scopes(self.workflow)
        self._gate = asyncio.Semaphore(settings.concurrency)
        self.services = replace(
            settings.services,
            emit=self._emit,
            run_edge=self._compute,
            run_workflow=self._run_callee if settings.callees else None,
        )
        self._fill_roots()

    def _fill_roots(self) -> None:
        bound = {block: name for name, block in self.plan.binding.inputs.items()}
        for block in self.workflow.blocks:
            name = bound.get(block.id)
            if name is not None and name in self.inputs:
                self.values[block.id] = self.inputs[name]
            elif block.has_value and block.id not in self.plan.graph.producers:
                self.values[block.id] = block.value
            elif block.id not in self.plan.graph.producers:
                self.values[block.id] = None

    async def execute(self) -> RunResult:
        started = self.settings.monotonic()
        self._emit(
            events.EXECUTION_STARTED,
            {"environment": self.settings.environment, "inputs": dict(self.inputs)},
        )
        error = ""
        try:
            async with asyncio.timeout(self.settings.timeout):
                await self._run_steps(self.plan.steps)
            outputs = self._outputs()
        except TimeoutError:
            error, outputs = f"the run took longer than {self.settings.timeout:g} s", {}
        except RegistryError as failure:
            error, outputs = str(failure), {}
        seconds = self.settings.monotonic() - started
        self._finish(error, seconds)
        return RunResult(
            self.settings.execution_id,
            ERROR if error else SUCCESS,
            outputs,
            self.values,
            self.usage,
            seconds,
            error,
        )

    def _finish(self, error: str, seconds: float) -> None:
        told: Object = {
            "environment": self.settings.environment,
            "status": ERROR if error else SUCCESS,
            "seconds": round(seconds, 6),
            "usage": cast(Value, self.usage.to_value()),
        }
        if error:
            told["error"] = error
        self._emit(events.EXECUTION_FAILED if error else events.EXECUTION_FINISHED, told)

    async def _run_callee(self, name: str, inputs: Mapping[str, Value]) -> dict[str, Value]:
        """A dependency's outputs; it runs with its own environment's settings where it has them."""
        if name not in self.settings.callees:
            known = ", ".join(sorted(self.settings.callees)) or "nothing"
            raise EdgeError(f"{name} is no dependency of this run; it has {known}")
        callee = self.settings.callees[name]
        own = callee.workflow.environment_by_name.get(self.settings.environment)
        services = replace(
            self.settings.services,
            overrides=own.overrides if own else self.settings.services.overrides,
            resources=callee.resources,
        )
        settings = replace(
            self.settings,
            execution_id=f"{self.settings.execution_id}.{name}",
            services=services,
            variables=own.variables if own else {},
            timeout=None,
        )
        result = await run(callee.workflow, inputs, settings)
        self.usage += result.usage
        if result.status == ERROR:
            raise RunError(result.error, place=callee.workflow.reference)
        return dict(result.outputs)

    async def _run_steps(self, steps: tuple[Step, ...]) -> None:
        """All steps, each as soon as the blocks that it reads are settled."""
        tasks: dict[int, asyncio.Task[None]] = {}
        writers: dict[str, list[int]] = {}
        try:
            async with asyncio.TaskGroup() as group:
                for position, step in enumerate(steps):
                    own = set(step.writes) if isinstance(step, LoopStep) else set[str]()
                    needed = [
                        tasks[writer]
                        for block in step.reads
                        if block not in own
                        for writer in writers.get(block, ())
                    ]
                    # Writers of one block take turns in declared order, so the last one wins.
                    needed += [tasks[w] for block in step.writes for w in writers.get(block, ())]
                    tasks[position] = group.create_task(self._when_ready(step, needed))
                    for block in step.writes:
                        writers.setdefault(block, []).append(position)
        except* RegistryError as failures:
            raise _first(failures) from None

    async def _when_ready(self, step: Step, needed: list[asyncio.Task[None]]) -> None:
        if needed:
            await asyncio.wait(needed)
        if isinstance(step, LoopStep):
            await self._run_loop(step)
        else:
            await self._run_edge(step)

    async def _run_loop(self, step: LoopStep) -> None:
        iteration = 0
        while True:
            await self._run_steps(step.body)
            if any(source not in self.values for source in step.loop.sources):
                return
            iteration += 1
            call = self._call(step.loop)
            call = replace(call, scope=ChainMap({"iteration": iteration}, dict(call.scope)))
            back = await self._guarded(step.loop, partial(self._compute, call))
            self._emit(
                events.LOOP_ITERATION,
                {"edge": step.loop.id, "iteration": iteration, "again": bool(back)},
            )
            if not back:
                return
            self.values.update(back)

    async def _run_edge(self, step: EdgeStep) -> None:
        edge = step.edge
        produced = [block for block in step.reads if block in self.plan.graph.producers]
        if produced and all(block not in self.values for block in produced):
            self._emit(events.EDGE_SKIPPED, {"edge": edge.id, "type": edge.type})
            return
        call = self._call(edge)
        results = await self._guarded(edge, partial(self._compute_all, call))
        self.values.update(results)

    async def _guarded(
        self, edge: Edge, compute: Callable[[], Awaitable[dict[str, Value]]]
    ) -> dict[str, Value]:
        """One edge with its events; whatever goes wrong names the edge."""
        self._emit(events.EDGE_STARTED, {"edge": edge.id, "type": edge.type})
        started = self.settings.monotonic()
        try:
            results = await compute()
        except ExceptionGroup as group:
            self._edge_failed(edge, _first(group))
        except RegistryError as failure:
            self._edge_failed(edge, failure)
        self._emit(
            events.EDGE_FINISHED,
            {
                "edge": edge.id,
                "type": edge.type,
                "seconds": round(self.settings.monotonic() - started, 6),
                "targets": list[Value](results),
            },
        )
        return results

    def _edge_failed(self, edge: Edge, failure: RegistryError) -> NoReturn:
        self._emit(events.EDGE_FAILED, {"edge": edge.id, "type": edge.type, "error": str(failure)})
        raise RunError(
            f"the {edge.type} edge {edge.id} (→ {', '.join(edge.targets)}) failed: {failure}",
            place=self.workflow.reference,
        ) from failure

    async def _compute_all(self, call: EdgeCall) -> dict[str, Value]:
        looped = looped_sources(call)
        if not looped:
            async with self._gate:
                return await self._compute(call)

        async def one(inputs: Mapping[str, Value]) -> dict[str, Value]:
            async with self._gate:
                return await self._compute(self._with_inputs(call, inputs))

        return await run_looped(call, looped, one)

    async def _compute(self, call: EdgeCall) -> dict[str, Value]:
        results = await edge_kind(call.edge.type).run(call, self.services)
        for target, value in results.items():
            check_value(value, call.target_schemas.get(target, {}), f"the block {target}")
        return results

    def _call(self, edge: Edge) -> EdgeCall:
        blocks = self.workflow.block_by_id
        inputs = {source: self.values.get(source) for source in edge.sources}
        schemas = cast(Mapping[str, Frozen], self.plan.schemas)
        return EdgeCall(
            edge=edge,
            inputs=inputs,
            scope=_Scope(self._scopes.names(edge), self, inputs),
            sources=tuple(blocks[source] for source in edge.sources),
            targets=tuple(blocks[target] for target in edge.targets),
            target_schemas={
                t: schemas[t] for t in edge.targets if t in schemas and not _looped(self, edge)
            },
            given=self.inputs,
        )

    def _with_inputs(self, call: EdgeCall, inputs: Mapping[str, Value]) -> EdgeCall:
        names = self._scopes.names(call.edge)
        return replace(call, inputs=inputs, scope=_Scope(names, self, inputs))

    def _outputs(self) -> dict[str, Value]:
        outputs: dict[str, Value] = {}
        for port in self.workflow.interface.outputs:
            block = self.plan.binding.outputs.get(port.name)
            if block is None or block not in self.values:
                continue
            check_value(self.values[block], port_schema(port), f"the output {port.name!r}")
            outputs[port.name] = self.values[block]
        return outputs

    def _emit(self, name: str, metadata: Frozen) -> None:
        if name == events.MODEL_CALLED:
            told = cast(Mapping[str, int], metadata.get("usage", {}))
            self.usage += Usage(
                told.get("input_tokens", 0), told.get("output_tokens", 0), told.get("calls", 1)
            )
        if not self.settings.listeners:
            return
        about = self.workflow.metadata
        event = Event(
            self.settings.now(),
            name,
            about.name,
            about.version,
            self.settings.execution_id,
            metadata,
        )
        for listener in self.settings.listeners:
            listener(event)


def _looped(run: _Run, edge: Edge) -> bool:
    """A looped edge's target holds a list of what the schema describes."""
    return any(run.workflow.block_by_id[source].looped for source in edge.sources)


def _first(group: BaseExceptionGroup[Exception]) -> RegistryError:
    """The first error of a group that is ours."""
    for error in group.exceptions:
        if isinstance(error, RegistryError):
            return error
        if isinstance(error, BaseExceptionGroup):
            return _first(error)
    raise group


class _Scope(Mapping[str, Value]):
    """Template names of one edge, looked up in the run's values when they are used."""

    def __init__(
        self, names: Mapping[str, Referent], run: _Run, inputs: Mapping[str, Value]
    ) -> None:
        self._names, self._run, self._inputs = names, run, inputs

    def __getitem__(self, name: str) -> Value:
        referent = self._names[name]
        if referent.kind == "block":
            if referent.name in self._inputs:
                return self._inputs[referent.name]
            return self._run.values.get(referent.name)
        if referent.kind == "input":
            return self._run.inputs.get(referent.name)
        if referent.kind == "variable":
            return self._variable(referent.name)
        raise KeyError(name)

    def _variable(self, name: str) -> Value:
        variables = self._run.settings.variables
        if name not in variables:
            where = self._run.settings.environment or "no environment"
            raise EdgeError(
                f"the variable {name} is not set in {where}",
                way_out=f"set it below runtime.environments.{where}.variables",
            )
        return variables[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
