"""Hosts in addresses, and whether a manifest declares them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def host_and_port(scheme: str, authority: str) -> tuple[str, int]:
    """`("api.example.com", 443)` of `https` and `api.example.com`; `ValueError` for what is not a host."""
    parts = urlsplit(f"{scheme}://{authority}")
    if not parts.hostname:
        raise ValueError("no host")
    return parts.hostname.rstrip("."), parts.port or PORTS[scheme]


def is_declared(hosts: Iterable[str], host: str, port: int, scheme: str) -> bool:
    """Whether one of `hosts` is it: bare (for the scheme's own port), with its port, or as `*.` and its end."""
    names = {host, *(f"*.{host[at + 1 :]}" for at, char in enumerate(host) if char == ".")}
    wanted = {f"{name}:{port}" for name in names}
    if port == PORTS[scheme]:
        wanted |= names
    return any(known.lower().rstrip(".") in wanted for known in hosts)
