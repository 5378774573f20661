"""The run itself, between its admission and its record: it needs no network but the workflow's own."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO, cast

from registry_tool.commands.requests.inputs import requested_inputs
from registry_tool.commands.run.admission import Admission
from registry_tool.commands.run.opening import OpenServing
from registry_tool.commands.run.outcome import RunOutcome, outcome_of
from registry_tool.core.appending import open_appending
from registry_tool.core.files import pretty_json, write_atomic
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine import events
from registry_tool.engine.batch.ledger import compact
from registry_tool.engine.events import Event, Listener
from registry_tool.engine.failures import kind_of
from registry_tool.engine.inputs import handled_inputs
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.run import ERROR, RunResult
from registry_tool.engine.settings import CANCELLED, TIMEOUT
from registry_tool.monitoring.log import JsonLog, hide_all, hide_open_text
from registry_tool.monitoring.records import BY_TIMEOUT, CAP, Payload
from registry_tool.runtime.run_program import RunOptions, run_program
from registry_tool.security.encrypt import seal_payload
from registry_tool.security.keys import KeyRing
from registry_tool.sources.program import Program
from registry_tool.state.runs.keys import context_of
from registry_tool.state.runs.logs import log_file
from registry_tool.state.target import Target, open_serving

if TYPE_CHECKING:
    from registry_tool.monitoring.metrics import Metrics


class Sinks(Record, frozen=True):
    """Where a run's log and metrics also go, beside the repository's own log; and what it leaves.

    `result` is written as it is, unless the version requires encryption or the inputs came sealed: then `payload`
    gets inputs, outputs and blocks, locked. `listeners` hear the run's events.
    """

    stream: TextIO | None = None
    log: Path | None = None
    metrics: Path | None = None
    result: Path | None = None
    payload: Path | None = None
    listeners: tuple[Listener, ...] = ()


@dataclass(slots=True)
class _UsageListener:
    """A listener that knows what the run used, also where it is broken off."""

    usage: Usage = Usage()  # noqa: RUF009 - frozen

    def __call__(self, event: Event) -> None:
        if event.name == events.MODEL_CALLED:
            self.usage += Usage.from_value(cast(Frozen, event.metadata.get("usage", {})))


RunProgram = Callable[[Program, Mapping[str, Value], RunOptions], RunResult]
"""Runs a program to its end, as `run_program` does."""


class AdmittedRun(Record, frozen=True):
    """An admitted run. `how` brings what its caller listens to and where it writes; `running` may cancel it."""

    target: Target
    admission: Admission
    ring: KeyRing
    how: RunOptions = RunOptions()
    sinks: Sinks = Sinks()
    opening: OpenServing = open_serving
    running: RunProgram = run_program
    _spent: _UsageListener = field(default_factory=_UsageListener)

    def run(self) -> tuple[RunResult, RunOutcome]:
        """Run it, tell it, and leave what was asked for."""
        admission, sinks = self.admission, self.sinks
        opened = self.opening(self.target, admission.workflow, admission.serving)
        workflow, where = opened.program.workflow, admission.environment
        inputs = requested_inputs(self.admission.request, where, workflow, self.ring)
        result = self._run_program(opened.program, inputs)
        outcome = replace(outcome_of(result), steered=self._steered(result))
        if not admission.encryption:
            if sinks.result:
                write_atomic(sinks.result, readable(result))
        elif sinks.payload:
            handled = handled_inputs(workflow, inputs)
            outcome = self._sealed(outcome, handled, result, sinks.payload)
        return result, outcome

    def _steered(self, result: RunResult) -> str:
        """The bound of who asked that ended or shortened the run, empty where none did."""
        if self.admission.narrowed and result.capped:
            return CAP
        own = self.how.timeout is not None and self.how.timeout < self.admission.timeout
        return BY_TIMEOUT if own and result.error_kind == TIMEOUT else ""

    def broken_off(self, error: BaseException) -> RunOutcome:
        """The outcome of a run that never began, or was interrupted."""
        kind = CANCELLED if isinstance(error, _CANCELLING) else kind_of(error, "registry")
        name = self.admission.execution_id
        return RunOutcome(name, ERROR, usage=self._spent.usage, error_kind=kind)

    def _run_program(self, program: Program, inputs: Mapping[str, Value]) -> RunResult:
        sinks, admission = self.sinks, self.admission
        counting = _metrics(admission.environment) if sinks.metrics else None
        own = log_file(self.target, admission.workflow, admission.environment)
        options = replace(self.how, provider=self.admission.request.provider or self.how.provider)
        with ExitStack() as stack:
            files = [own, *([sinks.log] if sinks.log else [])]
            streams = [stack.enter_context(open_appending(path)) for path in files]
            streams += [sinks.stream] if sinks.stream else []
            plain: tuple[Listener, ...] = (
                *options.listeners,
                *sinks.listeners,
                self._spent,
                *([counting] if counting else []),
            )
            ports = program.workflow.interface.inputs
            redact = hide_all if admission.encryption else hide_open_text(ports)
            logs = tuple(JsonLog(stream, redact, admission.actor) for stream in streams)
            listeners: tuple[Listener, ...] = (*plain, *logs)
            if admission.encryption:
                listeners = tuple(map(without_words, listeners))
            result = self.running(
                program, inputs, admission.how(replace(options, listeners=listeners))
            )
        if sinks.metrics and counting:
            write_atomic(sinks.metrics, counting.openmetrics())
        return result

    def _sealed(
        self, outcome: RunOutcome, inputs: Mapping[str, Value], result: RunResult, path: Path
    ) -> RunOutcome:
        data: Object = {"inputs": dict(inputs), **result.to_value()}
        where = context_of(self.admission.environment, self.admission.execution_id)
        blob, key = seal_payload(compact(data), self.ring, where)
        write_atomic(path, blob)
        digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
        payload = Payload(digest, key.key_id, self.admission.artifact)
        return replace(outcome, payload=payload, key=key)


def _metrics(environment: str) -> Metrics:
    from registry_tool.monitoring.metrics import Metrics as RepeatCounter

    return RepeatCounter(environment=environment)


_CANCELLING: Final = (KeyboardInterrupt, asyncio.CancelledError)
LOCKED: Final = "[LOCKED: the run's payload has the words]"


def without_words(listener: Listener) -> Listener:
    """A listener for a run whose data its payload alone may hold: what quotes data, such as an error, is left out.

    Code may say its inputs reversed or in base64, so nothing of such a text is shown but its kind.
    """

    def forward(event: Event) -> None:
        words = {key: LOCKED for key in ("error", "what") if key in event.metadata}
        listener(replace(event, metadata={**event.metadata, **words}) if words else event)

    return forward


def readable(result: RunResult) -> bytes:
    """The result as people read it; where a model gave half a character, in ASCII, which spells it out."""
    value = result.to_value()
    try:
        return pretty_json(value).encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=2, sort_keys=True).encode() + b"\n"
