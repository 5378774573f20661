"""Before every operation: a token that doesn't count is refused, a private registry is for who is known."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from registry_tool.api.layout import ROOT
from registry_tool.core.errors import RegistryError
from registry_tool.security.tokens.principal import READ
from registry_tool.server.authorisation import CHALLENGE, principal
from registry_tool.server.context import context
from registry_tool.server.forwarded import counted_as
from registry_tool.server.problems import ProblemError, of_registry_error, problem
from registry_tool.server.rate_limits import BAD_TOKENS, BY_PERSON, TOKENS

OPEN: Final = frozenset({"/health", "/ready", "/metrics"})
"""What those who operate a server ask, without a token; a proxy keeps strangers away from it."""
READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SIGNING_IN: Final = f"/{ROOT}/auth/"


@dataclass(frozen=True)
class AuthenticationGate:
    """Knows who asks before anything is done for them."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; 401 where its token doesn't count, or there is none and one is needed."""
        if scope["type"] == "http":
            request = Request(scope)
            try:
                await _admit(request)
            except ProblemError as error:
                await problem(request, error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


async def _admit(request: Request) -> None:
    path = request.scope[
        "path"
    ]  # never of `request.url`, which is made of what a client sends as Host
    if path in OPEN or request.method == "OPTIONS":
        return
    if path.startswith(SIGNING_IN):
        if request.method not in READING:
            context(request).rate_limits.take(TOKENS, address_of(request))
        return
    if "authorization" in request.headers:
        await run_in_threadpool(_known, request)
    elif await _private_now(request):
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED,
            "this registry is private",
            "send `Authorization: Bearer TOKEN`; `puppy-cli login` gets a token",
            headers=CHALLENGE,
        )


def _known(request: Request) -> None:
    limits = context(request).rate_limits
    try:
        who = principal(request)
        if request.method not in READING:
            limits.take(BY_PERSON, who.id)
        private = _is_private(request)
    except ProblemError as error:
        if error.status == HTTPStatus.UNAUTHORIZED:
            limits.take(BAD_TOKENS, address_of(request))
        raise
    except RegistryError as error:
        raise of_registry_error(error, request.scope.get("request_id", "")) from None
    if private and READ not in who.scopes:
        raise ProblemError(HTTPStatus.FORBIDDEN, "the credential is not for read")


def address_of(request: Request) -> str:
    """Where a request comes from: the connection's address, or what a trusted proxy says (`forwarded.py`)."""
    return counted_as(request.client.host) if request.client else ""


async def _private_now(request: Request) -> bool:
    """Without a thread where the branch was looked at just now."""
    fresh = context(request).registry.fresh()
    if fresh is not None:
        return fresh.settings.access.private
    return await run_in_threadpool(_is_private, request)


def _is_private(request: Request) -> bool:
    return context(request).registry.snapshot().settings.access.private
