"""How a run is to go, and what came out of it."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from registry_tool.core import clock
from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.edges.base import Services
from registry_tool.engine.events import Listener
from registry_tool.engine.providers.models.base import Usage
from registry_tool.engine.providers.outbound import OutboundServices
from registry_tool.engine.value_store import LARGE
from registry_tool.manifest.model import Edge, Environment, Workflow

if TYPE_CHECKING:
    from registry_tool.engine.result_cache import ResultCache
    from registry_tool.engine.stepping import Stepper

SUCCESS = "success"
ERROR = "error"
TIMEOUT = "timeout"
CANCELLED = "cancelled"


class Callee(Record, frozen=True):
    """A dependency that `workflow` edges may call: its resources' folder, its digest, and its ways outside."""

    workflow: Workflow
    resources: Path | None = None
    digest: str = ""
    outbound: OutboundServices = field(default_factory=OutboundServices)


class RunEnvironment(Record, frozen=True):
    """The environment of a whole run, and the hosts to which a model's address in it may lead."""

    environment: Environment
    hosts: frozenset[str] = frozenset()


class RunSettings(Record, frozen=True):
    """How to run: the environment's overrides and variables, limits, and what to tell.

    `concurrency` bounds edges (and items of looped edges) in flight; `timeout` is in seconds. `callees` holds
    every dependency, also those of dependencies, by name. `run` is the whole run's
    environment, below which called workflows have their own; None for what the others say. `cache` remembers
    results of edges that ask for it. `answers` are what edges of the workflow itself give instead of asking
    anybody, by edge id. `alter` takes an edge and its result and gives the one that counts. `stepper` is shown
    every edge. Values of about `large` bytes or more are kept in files.
    """

    execution_id: str
    services: Services = field(default_factory=Services)
    environment: str = ""
    variables: Frozen = field(default_factory=dict)
    concurrency: int = 16
    timeout: float | None = None
    callees: Mapping[str, Callee] = field(default_factory=dict)
    run: RunEnvironment | None = None
    listeners: tuple[Listener, ...] = ()
    cache: ResultCache | None = None
    answers: Frozen = field(default_factory=dict)
    alter: Callable[[Edge, dict[str, Value]], dict[str, Value]] | None = None
    stepper: Stepper | None = None
    large: int = LARGE
    now: Callable[[], datetime] = field(default_factory=lambda: clock.SystemClock().now)
    monotonic: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[float, float], float] = random.uniform


class RunResult(Record, frozen=True):
    """What came out. `error` is empty for a success, `error_kind` is its class; `seconds` is wall time.

    `answered_by` names the models that answered for others, `instead_of` those others; empty where none did.
    `capped` says that a cap on tokens or dollars kept a question back, or cut an answer short.
    `blocks` reads large values anew from their files at every look. `notices` say what edges left out.
    """

    execution_id: str
    status: str
    outputs: Mapping[str, Value]
    blocks: Mapping[str, Value]
    usage: Usage
    seconds: float
    error: str = ""
    error_kind: str = ""
    notices: tuple[str, ...] = ()
    answered_by: str = ""
    instead_of: str = ""
    capped: bool = False

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
        if self.answered_by:
            value |= {"answered_by": self.answered_by, "instead_of": self.instead_of}
        if self.notices:
            value["notices"] = list[Value](self.notices)
        if self.error:
            value["error"] = self.error
        return value
