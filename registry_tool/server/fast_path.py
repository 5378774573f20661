"""Documents of a public registry that were rendered before: answered at once, without a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from registry_tool.server.context import context
from registry_tool.server.responses import key_of, respond

_READING: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class FastPath:
    """Answers whoever comes without a token for what is known; all else goes its way."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass a request on."""
        if scope["type"] == "http" and scope["method"] in _READING:
            request = Request(scope)
            shown = None
            if "authorization" not in request.headers:
                shown = context(request).registry.fresh()
            if shown is not None and not shown.settings.access.private:
                found = shown.rendered.get(key_of(request))
                if found is not None:
                    route, root_path = cast(tuple[object, str], found.route)
                    scope.update(route=route, root_path=root_path)
                    await respond(request, found, compress=True)(scope, receive, send)
                    return
        await self.app(scope, receive, send)
