"""Which IP addresses are public: those that lead to no machine of the operator, however they are written."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
Address = IPv4Address | IPv6Address
# What `is_global` lets through, in some of Python's versions or in all.
_NEVER = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # RFC 6890; Oracle's metadata service lives here
        "168.63.129.16/32",  # Azure's host agent
        "fec0::/10",  # site-local (RFC 3879)
        "3fff::/20",  # documentation (RFC 9637)
        "5f00::/16",  # segment routing (RFC 9602)
    )
)


def literal(host: str) -> Address | None:
    """The address that a host's name is; None for a name that has to be looked up."""
    try:
        return ip_address(host.strip("[]").split("%")[0])
    except ValueError:
        return None


_NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")


def is_odd_number(host: str) -> bool:
    """True for an address written so that only some programs read it (`127.1`, `0x7f.1`, `2130706433`).

    A host whose last part is a number is an IPv4 address: https://url.spec.whatwg.org/#ends-in-a-number-checker
    """
    return literal(host) is None and bool(_NUMBER.fullmatch(host.rstrip(".").rsplit(".", 1)[-1]))


def is_public(address: Address) -> bool:
    """False for private, loopback, link-local, multicast, shared and reserved ones, also inside IPv6."""
    if isinstance(address, IPv6Address):
        inner = _inside(address)
        if inner is not None:
            return is_public(inner)
    if any(address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def is_this_machine(address: Address) -> bool:
    """Loopback, unspecified and link-local ones (metadata services live there), also inside IPv6."""
    if isinstance(address, IPv6Address) and (inner := _inside(address)) is not None:
        return is_this_machine(inner)
    return address.is_loopback or address.is_link_local or address.is_unspecified


def _inside(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one stands for: mapped, 6to4, Teredo's client, NAT64."""
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)
