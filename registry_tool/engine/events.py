"""What the engine tells while it runs; monitoring and the CLI listen.

Every event's payload has a type here and a row in docs/events.md; a test holds the two together, and another one
every event that a run really emits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypedDict

from registry_tool.core.records import Record, field
from registry_tool.core.values import Frozen, Object

EXECUTION_STARTED: Final = "execution_started"
EXECUTION_FINISHED: Final = "execution_finished"
EXECUTION_FAILED: Final = "execution_failed"
EDGE_STARTED: Final = "edge_started"
EDGE_FINISHED: Final = "edge_finished"
EDGE_SKIPPED: Final = "edge_skipped"
EDGE_RETRIED: Final = "edge_retried"
EDGE_CACHED: Final = "edge_cached"
EDGE_ANSWERED: Final = "edge_answered"
EDGE_FAILED: Final = "edge_failed"
EDGE_PASSED_OVER: Final = "edge_passed_over"
ITEM_FAILED: Final = "item_failed"
LOOP_ITERATION: Final = "loop_iteration"
MODEL_CALLED: Final = "model_called"
SERVICE_CALLED: Final = "service_called"
TEXT_LEFT_OUT: Final = "text_left_out"
USAGE_DOUBTED: Final = "usage_doubted"

LEVELS: Final = {
    EXECUTION_FAILED: "ERROR",
    EDGE_FAILED: "ERROR",
    ITEM_FAILED: "WARN",
    EDGE_PASSED_OVER: "WARN",
    EDGE_RETRIED: "WARN",
    TEXT_LEFT_OUT: "WARN",
    USAGE_DOUBTED: "WARN",
}


class ExecutionStarted(TypedDict):
    """A run began; the log redacts the inputs."""

    environment: str
    inputs: Object


class ExecutionFinished(TypedDict):
    """A run ended well."""

    environment: str
    status: str
    seconds: float
    usage: Object


class ExecutionFailed(ExecutionFinished):
    """A run failed, timed out or was cancelled; `error_kind` is the class of what was wrong, without its words."""

    error: str
    error_kind: str


class EdgeStarted(TypedDict):
    """An edge began."""

    edge: str
    type: str


class EdgeFinished(EdgeStarted):
    """An edge ended well; `targets` are the blocks that it wrote."""

    seconds: float
    targets: list[str]


class EdgeSkipped(EdgeStarted):
    """Everything that an edge reads was skipped, so it was, too."""


class EdgeRetried(EdgeStarted):
    """An attempt (from 1) failed in a way that may pass; the next one begins after `wait` seconds."""

    attempt: int
    wait: float
    error: str


class EdgeCached(TypedDict):
    """A result was remembered; `key` is the hash of all that makes it."""

    edge: str
    key: str


class EdgeAnswered(EdgeStarted):
    """Nobody was asked: the answer stands in the test, written by hand."""


class EdgeFailed(EdgeStarted):
    """An edge failed, and the run with it unless `edge_passed_over` follows."""

    error: str
    error_kind: str


class EdgePassedOver(TypedDict):
    """The run goes on after an edge failed, as its `on_error` says; `what` tells it in words."""

    edge: str
    what: str


class ItemFailed(TypedDict):
    """One item of a `map` (from 0) failed, and the map went on."""

    edge: str
    index: int
    error: str


class LoopIteration(TypedDict):
    """A round (from 1) of a loop ended; `again` says whether another one follows."""

    edge: str
    iteration: int
    again: bool


class _Measured(TypedDict, total=False):
    seconds: float


class ModelCalled(_Measured):
    """A model answered."""

    edge: str
    provider: str
    model: str
    answered_by: str
    finish_reason: str
    usage: Object


class _Counted(_Measured, total=False):
    results: int
    usage: Object


class ServiceCalled(_Counted):
    """A service other than a model answered."""

    edge: str
    service: str


class TextLeftOut(TypedDict):
    """An edge went on without a part of what it was given, as its documentation says; `what` tells it in words."""

    edge: str
    what: str


class UsageDoubted(TypedDict):
    """A server reported more tokens than are possible; the possible ones count. `what` says so in words."""

    edge: str
    what: str


PAYLOADS: Final[dict[str, type]] = {
    EXECUTION_STARTED: ExecutionStarted,
    EXECUTION_FINISHED: ExecutionFinished,
    EXECUTION_FAILED: ExecutionFailed,
    EDGE_STARTED: EdgeStarted,
    EDGE_FINISHED: EdgeFinished,
    EDGE_SKIPPED: EdgeSkipped,
    EDGE_RETRIED: EdgeRetried,
    EDGE_CACHED: EdgeCached,
    EDGE_ANSWERED: EdgeAnswered,
    EDGE_FAILED: EdgeFailed,
    EDGE_PASSED_OVER: EdgePassedOver,
    ITEM_FAILED: ItemFailed,
    LOOP_ITERATION: LoopIteration,
    MODEL_CALLED: ModelCalled,
    SERVICE_CALLED: ServiceCalled,
    TEXT_LEFT_OUT: TextLeftOut,
    USAGE_DOUBTED: UsageDoubted,
}
"""The type of each event's payload."""


class Event(Record, frozen=True):
    """One thing that happened in a run. `level` is INFO, WARN or ERROR."""

    time: datetime
    name: str
    workflow: str
    version: str
    execution_id: str
    metadata: Frozen = field(default_factory=dict)

    @property
    def level(self) -> str:
        """INFO, WARN for what was got over, or ERROR for failures."""
        return LEVELS.get(self.name, "INFO")


Listener = Callable[[Event], None]
