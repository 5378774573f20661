"""A token and the one host that it is for. Nothing that prints, logs or compares it shows the secret."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from registry_tool.core.errors import UsageError

GITHUB = "github.com"
_TENANTS = ".ghe.com"
"""Data residency: api.SUBDOMAIN.ghe.com is the API of SUBDOMAIN.ghe.com."""
_SECRET = re.compile(r"[\x21-\x7e]{1,4096}")
_HOST = re.compile(
    r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[0-9]{1,5})?|\[[0-9a-f:]{2,45}\](:[0-9]{1,5})?"
)
_USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class HostToken:
    """A secret for one `host`; `source` says where it was found, in words for people."""

    host: str
    source: str
    secret: str = field(repr=False)


def host_of(address: str) -> str:
    """The host (and an unusual port) that a host's name or an address names.

    `UsageError` for what names none, or holds a user's name or password.
    """
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        port = parts.port
    except ValueError:
        raise _not_a_host(address) from None
    name = (parts.hostname or "").lower().rstrip(".")
    name = f"[{name}]" if ":" in name else name
    unusual = port is not None and port != _USUAL_PORTS.get(parts.scheme)
    host = f"{name}:{port}" if unusual else name
    if parts.username is not None or not _HOST.fullmatch(host):
        raise _not_a_host(address)
    return host


def forge_of_api(address: str) -> str:
    """The host that people know a forge by whose API is at `address`: github.com for api.github.com."""
    host = host_of(address)
    site = host.removeprefix("api.")
    return site if site == GITHUB or site.endswith(_TENANTS) else host


def _not_a_host(address: str) -> UsageError:
    shown = "an address with a password" if "@" in address else repr(address[:100])
    return UsageError(f"{shown} is not a host", hint="write such as github.com")


def checked_secret(text: str, location: str = "") -> str:
    """A token as it was given, without the line's end; `UsageError`, which never repeats it, for anything else."""
    secret = text.strip()
    if not _SECRET.fullmatch(secret):
        raise UsageError(
            "this is not a token: one line of at most 4096 letters, digits and signs is",
            location=location,
            hint="pass it on standard input, such as `puppy-cli login --token-stdin < token.txt`",
        )
    return secret
