"""Addresses that hold credentials: taken out before an address is shown, sent as a header to its own host only."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final
from urllib.parse import unquote, urlsplit

_HIDDEN: Final = "***"
_USER: Final = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)([^/?#\s]*)@")
_WEB: Final = ("http://", "https://")


def is_web_address(text: str) -> bool:
    """Whether a text is an `http://` or `https://` address."""
    return text.lower().startswith(_WEB)


def without_credentials(text: str) -> str:
    """A text whose addresses show `***@` where a user, a password or a token stood before the host."""
    return _USER.sub(rf"\1{_HIDDEN}@", text)


def holds_credentials(address: str) -> bool:
    """Whether an address names a user, a password or a token before its host."""
    return _USER.match(address) is not None


def split_credentials(address: str) -> tuple[str, dict[str, str]]:
    """An address without its user and password, and the header that says them (RFC 7617), if it has any."""
    found = _USER.match(address)
    if found is None:
        return address, {}
    user, _, password = found[2].partition(":")
    pair = f"{unquote(user)}:{unquote(password)}".encode()
    header = {"Authorization": f"Basic {b64encode(pair).decode()}"}
    return found[1] + address[found.end() :], header


def same_place(one: str, other: str) -> bool:
    """Whether two locations are one: addresses however they are spelt, with credentials, encryption or without."""
    return one == other or (_place(one) or one) == (_place(other) or other)


def _place(address: str) -> tuple[str, int | None, str] | None:
    """Host, port and path of an address, None for anything else; the usual ports are none."""
    if not is_web_address(address):
        return None
    try:
        parts = urlsplit(address)
        port = None if parts.port in {80, 443} else parts.port
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return None
    return host, port, unquote(parts.path).rstrip("/")
