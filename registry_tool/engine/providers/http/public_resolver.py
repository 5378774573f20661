"""Name look-ups whose every address is checked before any of them is asked."""

from __future__ import annotations

import socket
from collections.abc import Callable

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from registry_tool.core.addresses import is_public, literal
from registry_tool.engine.providers.errors import RefusedLookupError


class CheckedResolver(AbstractResolver):
    """Gives the addresses of a name where all are public; `may_be_private(host, port)` lifts that."""

    def __init__(self, may_be_private: Callable[[str, int], bool]) -> None:
        self._may_be_private = may_be_private
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses; `RefusedLookupError` where one of them is not public."""
        found = await self._inner.resolve(host, port, family)
        if not self._may_be_private(host.rstrip(".").lower(), port):
            for result in found:
                address = literal(result["host"])
                if address is None or not is_public(address):
                    raise RefusedLookupError(
                        f"the name {host} leads to {result['host']}, which is not a public address"
                    )
        return found

    async def close(self) -> None:
        """Nothing is open."""
        await self._inner.close()
