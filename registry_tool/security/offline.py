"""No network for a stretch of code: what replays recorded answers must not reach anyone.

An audit hook (PEP 578) sees every look-up and connection of this process before it is made, whichever library
wants it. It can't be taken out again, so it asks whether the code that wants it runs offline.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from registry_tool.core.errors import RegistryError

_offline: ContextVar[bool] = ContextVar("offline", default=False)
_WANTED = frozenset(
    {"socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"}
)


class OfflineError(RegistryError, ConnectionRefusedError):
    """Something wanted the network where there is none; libraries take it for a connection that was refused."""


@contextmanager
def no_network() -> Iterator[None]:
    """Within it, and in tasks and threads begun there with its context, connections raise `OfflineError`."""
    _install()
    token = _offline.set(True)
    try:
        yield
    finally:
        _offline.reset(token)


@cache
def _install() -> None:
    sys.addaudithook(_hook)


def _hook(event: str, args: tuple[object, ...]) -> None:
    if (
        _WANTED is not None and event in _WANTED and _offline.get()
    ):  # None once Python takes modules apart
        named = args[0] if event.startswith("socket.get") else args[-1]
        raise OfflineError(
            f"it wants to reach {_shown(named)}, and tests on recorded answers have no network",
            hint="record what it asks with `puppy-cli test --record`",
        )


def _shown(location: object) -> str:
    if isinstance(location, tuple):
        return ":".join(str(part) for part in location[:2])
    return location.decode("ascii", "replace") if isinstance(location, bytes) else str(location)
