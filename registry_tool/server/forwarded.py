"""Whose request it is behind a proxy: `X-Forwarded-For`, believed only where a trusted proxy sends it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from registry_tool.core.errors import UsageError

Network = IPv4Network | IPv6Network
_Address = IPv4Address | IPv6Address
_MOST_HOPS: Final = 16
"""So many addresses are looked at, from the last one on: nobody has more proxies of their own in a row."""
_HEADER: Final = "x-forwarded-for"
_ONE_CUSTOMERS: Final = 64
"""Bits of an IPv6 address that tell customers apart; of the others each has as many as they like (RFC 6177)."""


def network(text: str) -> Network:
    """A network or one address; `UsageError` for what is neither, and for all there are."""
    try:
        found = ip_network(text, strict=False)
    except ValueError:
        raise UsageError(
            f"{text[:80]!r} is neither an address nor a network",
            location="--trusted-proxy",
            hint="write 10.0.0.7, 10.0.0.0/24 or fd00::/64",
        ) from None
    if not found.prefixlen:
        raise UsageError(
            f"{text} trusts everybody, who could then say to be anybody",
            location="--trusted-proxy",
            hint="name your proxies' addresses",
        )
    return found


@dataclass(frozen=True)
class ForwardedFor:
    """Puts the client's address in the place of the proxy's, for the log and for rate limits."""

    app: ASGIApp
    trusted: Sequence[Network]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        client = scope.get("client")
        if self.trusted and scope["type"] == "http" and client:
            lines = Headers(scope=scope).getlist(_HEADER)
            scope["client"] = (client_of(client[0], lines, self.trusted), client[1])
        await self.app(scope, receive, send)


def client_of(peer: str, lines: Iterable[str], trusted: Sequence[Network]) -> str:
    """The nearest address that is no trusted proxy's. Each proxy adds whom it heard at the end of the lines.

    What stands before that, or before something that is no address, anybody may have written.
    """
    found = address_of(peer)
    for hop in _hops(lines):
        if found is None or not any(found in one for one in trusted):
            break
        before = address_of(hop)
        if before is None:
            break
        found = before
    return peer if found is None else str(found)


def _hops(lines: Iterable[str]) -> Iterator[str]:
    """The last one first."""
    text = ",".join(lines)
    yield from text.rsplit(",", _MOST_HOPS)[: -_MOST_HOPS - 1 : -1]


def address_of(text: str) -> _Address | None:
    """An address, perhaps with a port; IPv4 in IPv6's clothes is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped or (None if found.scope_id else found)
    return found


def counted_as(text: str) -> str:
    """What is counted as one client: an IPv4 address, and of IPv6 the network that a single customer gets."""
    found = address_of(text)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, _ONE_CUSTOMERS), strict=False))
    return text
