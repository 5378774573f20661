"""One run of a plan.

A block is settled when every edge that writes it is done or skipped; of several writers the one declared last
wins. An edge is skipped when all the blocks of its `when` were skipped, or without one all that it reads of other
edges; a single missing one among others reads as null. Sub-workflows run in runners of their own: they see nothing
but their inputs.
"""

from __future__ import annotations

import asyncio
from collections import ChainMap
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import NoReturn

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object, Value
from registry_tool.engine import events
from registry_tool.engine.callee_settings import callee_settings
from registry_tool.engine.edge_computer import EdgeComputer
from registry_tool.engine.edges.base import EdgeCall, EdgeError
from registry_tool.engine.edges.fan_out import run_looped
from registry_tool.engine.failures import RunError, kind_of
from registry_tool.engine.inputs import check_value, checked_inputs
from registry_tool.engine.passed_over import instead_of
from registry_tool.engine.plan import EdgeStep, LoopStep, PreparedEdge, RunPlan, Step, plan
from registry_tool.engine.retry import NONE, attempt, first_error, is_past, policy
from registry_tool.engine.run_log import RunLog
from registry_tool.engine.scheduling import run_batch
from registry_tool.engine.scope import RunNames, RunScope
from registry_tool.engine.settings import (
    CANCELLED,
    ERROR,
    SUCCESS,
    TIMEOUT,
    RunResult,
    RunSettings,
)
from registry_tool.engine.stepping import shown_values
from registry_tool.engine.value_store import ValueStore
from registry_tool.engine.written_answer import answer_by_hand
from registry_tool.manifest.binding import port_schema
from registry_tool.manifest.model import Block, Edge

_CANCELLED = "the run was cancelled"


class Runner:
    """Runs a plan once."""

    def __init__(self, plan: RunPlan, inputs: Mapping[str, Value], settings: RunSettings) -> None:
        self._plan = plan
        self._settings = settings
        self._inputs = inputs
        self._log = RunLog(plan.workflow, inputs, settings)
        self._values = ValueStore(settings.large)
        self._known = RunNames(self._values, inputs, settings.variables, settings.environment)
        self._gate = asyncio.Semaphore(settings.concurrency)
        self._alone = asyncio.Lock()
        services = replace(
            settings.services,
            emit=self._log.emit,
            run_edge=self._run_inner,
            run_workflow=self._run_callee if settings.callees else None,
        )
        self._edges = EdgeComputer(settings, services)
        self._fill_roots()

    def _fill_roots(self) -> None:
        for block in self._plan.workflow.blocks:
            self._fill(block)

    def _fill(self, block: Block) -> None:
        """What a block holds before any edge wrote it: an input, its constant, or no value."""
        name = self._plan.input_of.get(block.id)
        if name is not None and name in self._inputs:
            self._values[block.id] = self._inputs[name]
        elif block.id not in self._plan.graph.producers:
            self._values[block.id] = block.value if block.has_value else None
        else:
            self._values.pop(block.id, None)

    async def execute(self) -> RunResult:
        """The whole run."""
        started = self._settings.monotonic()
        self._log.started()
        error, kind, outputs = "", "", dict[str, Value]()
        try:
            self._check_constants()
            async with asyncio.timeout(self._settings.timeout) as bound:
                await run_batch(self._plan.batch, self._run_step)
                outputs = self._outputs()
                if is_past(bound):  # what never waits is stopped by nobody
                    raise TimeoutError
        except TimeoutError:
            error, kind = f"the run took longer than {self._settings.timeout:g} s", TIMEOUT
        except RegistryError as failure:
            error, kind = self._log.private(str(failure)), kind_of(failure)
        except asyncio.CancelledError:
            self._log.finished(_CANCELLED, self._settings.monotonic() - started, CANCELLED)
            raise
        seconds = self._settings.monotonic() - started
        self._log.finished(error, seconds, kind)
        status = ERROR if error else SUCCESS
        name = self._settings.execution_id
        return RunResult(
            name,
            status,
            outputs,
            self._values,
            self._log.usage,
            seconds,
            error,
            kind,
            tuple(self._log.notices),
        )

    def _check_constants(self) -> None:
        """Constants obey their blocks' schemas; what an input fills was looked at when the inputs were."""
        filled = {
            block for name, block in self._plan.binding.inputs.items() if name in self._inputs
        }
        for name, schema in self._plan.constants.items():
            if name not in filled:
                check_value(self._values[name], schema, f"the constant of the block {name!r}")

    def _outputs(self) -> dict[str, Value]:
        outputs: dict[str, Value] = {}
        for port in self._plan.workflow.interface.outputs:
            block = self._plan.binding.outputs.get(port.name)
            if block is None or block not in self._values:
                continue
            value = self._values[block]
            check_value(value, port_schema(port), f"the output {port.name!r}")
            outputs[port.name] = value
        return outputs

    async def _run_callee(self, name: str, inputs: Mapping[str, Value]) -> dict[str, Value]:
        """A dependency's outputs; `callee_environment` says with which settings it runs."""
        if name not in self._settings.callees:
            known = ", ".join(sorted(self._settings.callees)) or "nothing"
            raise EdgeError(f"{name} is not a dependency of this run; it has {known}")
        callee = self._settings.callees[name]
        settings = callee_settings(self._settings, callee, name)
        given = checked_inputs(callee.workflow, inputs)
        result = await Runner(plan(callee.workflow), given, settings).execute()
        self._log.add(name, result.usage, result.notices)
        if result.status == ERROR:
            raise RunError(result.error, kind=result.error_kind, location=callee.workflow.reference)
        return dict(result.outputs)

    async def _run_step(self, step: Step) -> None:
        if isinstance(step, LoopStep):
            await self._run_loop(step)
        else:
            await self._run_edge(step)

    async def _run_loop(self, step: LoopStep) -> None:
        frame = self._plan.frames[step.loop.id]
        iteration = 0
        while True:
            await run_batch(step.batch, self._run_step)
            if any(source not in self._values for source in step.loop.sources):
                return
            iteration += 1
            call = self._call(frame)
            call = replace(call, scope=ChainMap({"iteration": iteration}, dict(call.scope)))
            compute = partial(self._edges.compute, call)
            back = await self._stepped(step.loop, call.inputs, compute)
            self._log.emit(
                events.LOOP_ITERATION,
                {"edge": step.loop.id, "iteration": iteration, "again": bool(back)},
            )
            if not back:
                return
            for block in step.written_anew:  # what this round doesn't take must not seem taken
                self._fill(self._plan.workflow.block_by_id[block])
            self._values.update(back)
            await asyncio.sleep(0)  # a loop that never waits would hear no timeout

    async def _run_edge(self, step: EdgeStep) -> None:
        edge = step.edge
        frame = self._plan.frames[edge.id]
        if frame.produced and all(block not in self._values for block in frame.produced):
            self._log.emit(events.EDGE_SKIPPED, {"edge": edge.id, "type": edge.type})
            return
        call = self._call(frame)
        compute = partial(self._compute_all, call, frame)
        if edge.id in self._settings.answers:
            compute = partial(
                answer_by_hand, frame, self._settings.answers[edge.id], self._log.emit
            )
        try:
            results = await self._stepped(edge, call.inputs, compute)
        except RunError as failure:
            results = instead_of(frame, failure)
            self._log.emit(
                events.EDGE_PASSED_OVER,
                {"edge": edge.id, "what": self._log.private(failure.reason)},
            )
        if self._settings.alter is not None:
            results = self._settings.alter(edge, results)
        self._values.update(results)

    async def _stepped(
        self,
        edge: Edge,
        inputs: Mapping[str, Value],
        compute: Callable[[], Awaitable[dict[str, Value]]],
    ) -> dict[str, Value]:
        """One edge; where somebody goes through the run step by step, alone, and shown before and after."""
        stepper = self._settings.stepper
        if stepper is None:
            return await self._guarded(edge, compute)
        async with self._alone:
            await stepper.before(edge, shown_values(inputs, self._log.private))
            results = await self._guarded(edge, compute)
            await stepper.after(edge, shown_values(results, self._log.private))
            return results

    async def _guarded(
        self, edge: Edge, compute: Callable[[], Awaitable[dict[str, Value]]]
    ) -> dict[str, Value]:
        """One edge with its events and attempts; whatever goes wrong names the edge."""
        self._log.emit(events.EDGE_STARTED, {"edge": edge.id, "type": edge.type})
        started = self._settings.monotonic()
        try:
            patient = policy(edge.type, self._edges.config_of(edge))
            if patient is NONE:
                results = await compute()
            else:
                on_retry = partial(self._retried, edge)
                results = await attempt(compute, patient, self._settings, on_retry)
        except ExceptionGroup as group:
            self._edge_failed(edge, first_error(group))
        except RegistryError as failure:
            self._edge_failed(edge, failure)
        if self._settings.listeners:
            seconds = round(self._settings.monotonic() - started, 6)
            self._log.emit(
                events.EDGE_FINISHED,
                {"edge": edge.id, "type": edge.type, "seconds": seconds, "targets": [*results]},
            )
        return results

    async def _run_inner(self, call: EdgeCall) -> dict[str, Value]:
        """An edge that another one runs, with its own attempts."""
        patient = policy(call.edge.type, self._edges.config_of(call.edge))
        if patient is NONE:
            return await self._edges.compute(call)
        on_retry = partial(self._retried, call.edge)
        return await attempt(partial(self._edges.compute, call), patient, self._settings, on_retry)

    def _retried(self, edge: Edge, number: int, wait: float, cause: RegistryError) -> None:
        metadata: Object = {"edge": edge.id, "type": edge.type, "attempt": number}
        self._log.emit(
            events.EDGE_RETRIED, {**metadata, "wait": round(wait, 3), "error": str(cause)}
        )

    def _edge_failed(self, edge: Edge, failure: RegistryError) -> NoReturn:
        metadata: Object = {"edge": edge.id, "type": edge.type, "error": str(failure)}
        self._log.emit(events.EDGE_FAILED, {**metadata, "error_kind": kind_of(failure)})
        raise RunError(
            f"the {edge.type} edge {edge.id} (→ {', '.join(edge.targets)}) failed: {failure}",
            location=self._plan.workflow.reference,
        ) from failure

    async def _compute_all(self, call: EdgeCall, frame: PreparedEdge) -> dict[str, Value]:
        if not frame.looped:
            async with self._gate:
                return await self._edges.compute(call)

        async def one(inputs: Mapping[str, Value]) -> dict[str, Value]:
            async with self._gate:
                scope = RunScope(frame.names, self._known, inputs)
                return await self._edges.compute(replace(call, inputs=inputs, scope=scope))

        results = await run_looped(call, frame.looped, one, self._settings.concurrency)
        for target, schema in frame.lists.items():
            if target in results:
                check_value(results[target], schema, f"the block {target}")
        return results

    def _call(self, frame: PreparedEdge) -> EdgeCall:
        inputs = {source: self._values.get(source) for source in frame.edge.sources}
        return EdgeCall(
            edge=frame.edge,
            inputs=inputs,
            scope=RunScope(frame.names, self._known, inputs),
            sources=frame.sources,
            targets=frame.targets,
            target_schemas=frame.schemas,
            given=self._inputs,
        )
