"""What surrounds every request: its id, the access log, metrics, limits on bodies, and headers."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from registry_tool.core.clock import Clock, SystemClock, instant
from registry_tool.server.metrics import HttpMetrics
from registry_tool.server.problems import ProblemError, problem

ACCESS_LOG: Final = "registry_tool.server.access"
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True)
class RequestLog:
    """Gives a request its id, and tells log and metrics how it went. Neither hears of queries or bodies."""

    app: ASGIApp
    metrics: HttpMetrics
    clock: Clock = SystemClock()  # noqa: RUF009 - it has no state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        scope["request_id"] = given if _ID.fullmatch(given) else uuid.uuid4().hex
        started, status = time.perf_counter(), HTTPStatus.INTERNAL_SERVER_ERROR.value

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = scope["request_id"]
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        self.metrics.running.inc()
        try:
            await self.app(scope, receive, observed)
        finally:
            self.metrics.running.dec()
            self._log(scope, status, time.perf_counter() - started)

    def _log(self, scope: Scope, status: int, seconds: float) -> None:
        route = scope.get("route")
        pattern = f"{scope.get('root_path', '')}{getattr(route, 'path', '')}" if route else ""
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.answered(method, pattern, status, seconds)
        client = scope.get("client")
        line = {
            "timestamp": instant(self.clock.now()),
            "level": "INFO",
            "event": "http_request",
            "metadata": {
                "request_id": scope["request_id"],
                "method": method,
                "route": pattern,
                "path": scope["path"][:200],
                "status": status,
                "seconds": round(seconds, 6),
                "client": client[0] if client else "",
            },
        }
        logging.getLogger(ACCESS_LOG).info(json.dumps(line))


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


@dataclass(frozen=True)
class BodyLimits:
    """Bounds a request's body: its bytes, and the seconds that its next part may take."""

    app: ASGIApp
    largest: int
    patience: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; 413 or 408 where its body is too large or too slow."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdecimal() and int(length) > self.largest:
            await problem(Request(scope), self._too_large())(scope, receive, send)
            return
        got, whole = 0, False

        async def bounded() -> Message:
            nonlocal got, whole
            if whole:  # what is waited for now is that the client goes away
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self.patience)
            except TimeoutError:
                raise ProblemError(
                    HTTPStatus.REQUEST_TIMEOUT, "the body did not come", "send it again"
                ) from None
            got += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if got > self.largest:
                raise self._too_large()
            return message

        await self.app(scope, bounded, send)

    def _too_large(self) -> ProblemError:
        mebibytes = self.largest / 2**20
        return ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"the body is larger than {mebibytes:g} MiB"
        )
