"""Which IP addresses are public: those that lead to no machine of the operator, however they are written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from registry_tool.engine.providers.base import ProviderError

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
Address = IPv4Address | IPv6Address


class RefusedError(ProviderError):
    """A request that is not made."""


def literal(host: str) -> Address | None:
    """The address that a host's name is; None for a name that has to be looked up."""
    try:
        return ip_address(host.strip("[]").split("%")[0])
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """False for private, loopback, link-local, multicast, shared and reserved ones, also inside IPv6."""
    if isinstance(address, IPv6Address):
        inner = _inside(address)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo's client, NAT64."""
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
