"""Why a connection failed, without the address that asyncio writes into its words."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from registry_tool.engine.providers.errors import ProviderError, RefusedLookupError, reason_of


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OSError(errno.ECONNREFUSED, "Connect call failed ('10.0.0.1', 80)"),
            os.strerror(errno.ECONNREFUSED),
        ),
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (RefusedLookupError("the name x leads inside"), "the name x leads inside"),
        (OSError("plain"), "plain"),
    ],
)
def test_the_system_s_own_words(error: OSError, words: str) -> None:
    assert reason_of(error) == words


def test_a_failure_is_lasting_unless_it_is_said() -> None:
    plain = ProviderError("x")
    assert (plain.transient, plain.throttled, plain.unasked, plain.retry_after) == (
        *(False, False, False),
        None,
    )
    result = ProviderError("x", transient=True, retry_after=2.5, location="here", hint="wait")
    assert (result.transient, result.retry_after, result.location, result.hint) == (
        *(True, 2.5),
        *("here", "wait"),
    )
