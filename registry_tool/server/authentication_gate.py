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
from registry_tool.server.problems import ProblemError, of_registry_error, problem

OPEN: Final = frozenset({"/health", "/ready", "/metrics"})
"""What those who operate a server ask, without a token; a proxy keeps strangers away from it."""
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
    path = request.url.path
    if path in OPEN or path.startswith(SIGNING_IN) or request.method == "OPTIONS":
        return
    if "authorization" in request.headers:
        await run_in_threadpool(_known, request)
    elif await run_in_threadpool(_is_private, request):
        raise ProblemError(
            HTTPStatus.UNAUTHORIZED,
            "this registry is private",
            "send `Authorization: Bearer TOKEN`; `puppy-cli login` gets a token",
            headers=CHALLENGE,
        )


def _known(request: Request) -> None:
    try:
        who = principal(request)
        private = _is_private(request)
    except RegistryError as error:
        raise of_registry_error(error, request.scope.get("request_id", "")) from None
    if private and READ not in who.scopes:
        raise ProblemError(HTTPStatus.FORBIDDEN, "the credential is not for read")


def _is_private(request: Request) -> bool:
    return context(request).registry.snapshot().settings.access.private
