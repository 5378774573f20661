"""What all changes over HTTP share: one at a time in a process, a bounded queue, keys of requests."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from registry_tool.commands.live.changes.gatekeeper import ChangeResult
from registry_tool.commands.live.changes.request_keys import KeyReusedError, RequestKeys
from registry_tool.core.values import Object
from registry_tool.security.tokens.principal import Principal
from registry_tool.server.context import context
from registry_tool.server.problems import ProblemError, bad_parameter
from registry_tool.server.responses import encoded

MOST_WAITING: Final = 256
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")
_STATE: Final = "changes"
T = TypeVar("T")


class ChangeQueue:
    """The changes of one process, one after the other: rivals that are judged at once would only be judged again.

    Who waits holds no thread, so that readers are answered meanwhile.
    """

    def __init__(self) -> None:
        self._one = asyncio.Lock()
        self._waiting = 0

    async def change(self, made: Callable[[], T]) -> T:
        """Have a change made in a thread once it is its turn; 503 where too many wait."""
        if self._waiting >= MOST_WAITING:
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "too many changes wait",
                "try again in a moment",
                headers={"Retry-After": "10"},
            )
        self._waiting += 1
        try:
            async with self._one:
                return await run_in_threadpool(made)
        finally:
            self._waiting -= 1


def queue_of(request: Request) -> ChangeQueue:
    """The queue of the request's application."""
    state = request.app.state
    if not hasattr(state, _STATE):
        state.changes = ChangeQueue()
    found: ChangeQueue = state.changes
    return found


def idempotency_key(request: Request) -> str:
    """The header's value, empty for none; 400 for one that is not a key."""
    key = request.headers.get("idempotency-key", "")
    if "idempotency-key" in request.headers and not _KEY.fullmatch(key):
        raise bad_parameter("Idempotency-Key", "must be 1 to 200 visible ASCII characters")
    return key


def demand_same(request: Request, who: Principal, key: str, content: bytes) -> None:
    """422 where the person has used this key for something else, on whichever server. Writes git: in a thread."""
    shared = context(request)
    try:
        RequestKeys(shared.authentication.store(), shared.clock).demand_same(who, key, content)
    except KeyReusedError as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, error.reason, error.hint) from None


def waiting(changed: ChangeResult) -> Response:
    """202: what a change waits for."""
    value: Object = {"branch": changed.branch, "held": changed.held}
    if changed.pull_request:
        value["pull_request"] = changed.pull_request
    return Response(encoded(value), HTTPStatus.ACCEPTED, media_type="application/json")
