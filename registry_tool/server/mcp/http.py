"""`/mcp`: the Model Context Protocol over streamable HTTP, for who comes by the registry's own name."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from registry_tool.security.tokens.principal import Principal
from registry_tool.server.authentication_gate import address_of
from registry_tool.server.authorisation import principal
from registry_tool.server.bodies import demand_few_values, received
from registry_tool.server.context import Context
from registry_tool.server.problems import ProblemError, problem
from registry_tool.server.rate_limits import SESSIONS

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

MOST_SESSIONS: Final = 500
IDLE: Final = 900.0
"""Seconds after which a session that nobody uses is forgotten."""
LARGEST: Final = 4 * 2**20


class McpEndpoint:
    """The application behind `/mcp`. Nothing of it is loaded before somebody comes.

    With `sessions`, a client's requests must all reach this process; several workers share none, and have none. A
    session is for who began it, and strangers can't take those of people who have signed in.
    """

    def __init__(self, shared: Context, *, sessions: bool) -> None:
        self._shared, self._sessions = shared, sessions
        self._lock, self._stop = asyncio.Lock(), asyncio.Event()
        self._managers: dict[bool, StreamableHTTPSessionManager] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a page of another site gets nothing, whatever name it gave this machine."""
        request = Request(scope)
        try:
            demand_own_name(request, self._shared.public_url)
            if request.method == "POST":
                content, receive = await received(receive, LARGEST)
                demand_few_values(content)
            who = _signed_in(request)
            manager = await self._started(for_members=who is not None)
            if self._sessions and _opens_session(request):
                asks = address_of(request) if who is None else who.id
                self._shared.rate_limits.take(SESSIONS, asks)
        except ProblemError as error:
            await problem(request, error)(scope, receive, send)
            return
        await manager.handle_request(_owned(scope, who), receive, send)

    async def _started(self, *, for_members: bool) -> StreamableHTTPSessionManager:
        async with self._lock:
            if for_members not in self._managers:
                ready = asyncio.get_running_loop().create_future()
                manager = self._made()
                self._tasks.append(asyncio.create_task(self._keep(manager, ready)))
                await ready
                self._managers[for_members] = manager
            return self._managers[for_members]

    def _made(self) -> StreamableHTTPSessionManager:
        try:
            from mcp.server.streamable_http_manager import StreamableHTTPSessionManager as Manager

            from registry_tool.server.mcp.live import live_server
        except ModuleNotFoundError as error:
            raise ProblemError(
                HTTPStatus.NOT_IMPLEMENTED,
                f"the MCP server needs the package {error.name}",
                "python -m pip install 'puppyai-workflow-registry[mcp]'",
            ) from None
        return Manager(
            live_server(self._shared),
            stateless=not self._sessions,
            session_idle_timeout=IDLE if self._sessions else None,
            max_request_body_size=LARGEST,
            max_sessions=MOST_SESSIONS,
        )

    async def _keep(
        self, manager: StreamableHTTPSessionManager, ready: asyncio.Future[None]
    ) -> None:
        """One task enters and leaves what holds the sessions."""
        async with manager.run():
            ready.set_result(None)
            await self._stop.wait()

    async def close(self) -> None:
        """End all sessions."""
        self._stop.set()
        await asyncio.gather(*self._tasks)


def _signed_in(request: Request) -> Principal | None:
    """Who asks, as the gate before every operation has found out; None for who hasn't signed in."""
    who = principal(request) if "authorization" in request.headers else None
    return None if who is None or who.is_anonymous else who


def _opens_session(request: Request) -> bool:
    """Whether a request may begin a session: it names none, and later versions of the protocol have none."""
    from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

    version = request.headers.get("mcp-protocol-version")
    known = version is None or version in HANDSHAKE_PROTOCOL_VERSIONS
    return request.method == "POST" and "mcp-session-id" not in request.headers and known


def _owned(scope: Scope, who: Principal | None) -> Scope:
    """The request as its sessions are: whoever else names one hears that there is none."""
    if who is None:
        return scope
    from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
    from mcp.server.auth.provider import AccessToken

    token = AccessToken(token="", client_id="", scopes=[], subject=str(who.id))
    return {**scope, "user": AuthenticatedUser(token)}


def demand_own_name(request: Request, public_url: str) -> None:
    """421 for a `Host` that is neither the registry's public one, this machine, nor an address; 403 for a page of
    another site.

    A name that somebody else owns may lead to this machine (DNS rebinding), an address can't be made to.
    """
    own = urlsplit(public_url)
    host = urlsplit(f"//{request.headers.get('host', '')}")
    if not _is_own(host.hostname or "", own.hostname or ""):
        raise ProblemError(
            HTTPStatus.MISDIRECTED_REQUEST,
            "the request was sent to another name than the registry's",
            "its operator names it with --public-url",
        )
    origin = request.headers.get("origin")
    if origin is None:
        return
    found = urlsplit(origin)
    if found.netloc not in {host.netloc, own.netloc} or found.scheme not in {"http", "https"}:
        raise ProblemError(HTTPStatus.FORBIDDEN, "a page of another site may not ask this server")


def _is_own(host: str, own: str) -> bool:
    if host in {"localhost", own}:
        return bool(host)
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
