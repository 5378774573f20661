"""What went wrong with a provider, in words that are fit to be shown."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


from registry_tool.core.errors import RegistryError


class ProviderError(RegistryError):
    """The model could not answer. `transient` errors are worth another attempt.

    `retry_after` is the wait that the provider asks for, in seconds, where it says one; `throttled` says that it
    has too much to do, `unasked` that the question reached no model: a key, a right or an address is wrong.
    """

    def __init__(  # noqa: PLR0913 - all named
        self,
        reason: str,
        *,
        transient: bool = False,
        retry_after: float | None = None,
        throttled: bool = False,
        unasked: bool = False,
        location: str = "",
        hint: str = "",
    ) -> None:
        super().__init__(reason, location=location, hint=hint)
        self.transient = transient
        self.retry_after = retry_after
        self.throttled = throttled
        self.unasked = unasked


class NotRecordedError(ProviderError):
    """A replay is asked what nobody recorded: the recording's lack, never a failure of the edge."""


class RefusedLookupError(OSError):
    """A name whose addresses must not be asked."""


def reason_of(error: OSError) -> str:
    """Why a connection failed, in the system's own words: asyncio writes the address into them."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error)
