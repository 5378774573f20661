"""One document of a registry over HTTP: from its own host, of a bounded size, within a bounded time."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from registry_tool.core.errors import AccessDeniedError, NotFoundError, RegistryError
from registry_tool.core.http import (
    Answer,
    AnswerTooLargeError,
    Ask,
    CutShortError,
    LateError,
    LostError,
    RedirectError,
    exchange,
)
from registry_tool.core.urls import split_credentials

PATIENCE = 300.0
"""Seconds for a whole document, whatever drips."""


def download(address: str, largest: int, *, policy: float = PATIENCE) -> bytes:
    """The document at an `http://` or `https://` address.

    `NotFoundError` where there is none; `RegistryError` where it has more than `largest` bytes, is cut short, or
    is not whole within `policy` seconds.
    """
    answer = ask(address, largest, policy=policy)
    demand_found(answer, split_credentials(address)[0])
    return answer.body


def ask(
    address: str,
    largest: int,
    *,
    policy: float = PATIENCE,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """The answer of an address, whatever its status; a user in it goes to that host alone, as a header.

    `RegistryError` where there is no whole answer within the bounds.
    """
    address, credentials = split_credentials(address)
    sent = {**(headers or {}), **credentials}
    request = Ask("GET", address, sent, limit=largest, longest=policy, server="the registry")
    try:
        return exchange(request)
    except AnswerTooLargeError:
        raise RegistryError(f"more than {largest} bytes", location=address) from None
    except RedirectError as error:
        raise RegistryError(error.reason, location=address, hint=error.hint) from None
    except LostError as error:
        raise _failed(error, address, policy) from None


def demand_found(answer: Answer, address: str) -> None:
    """`NotFoundError` where an answer says that there is no document, other `RegistryError`s where it has none."""
    if answer.status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotFoundError("there is no such document", location=address)
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise AccessDeniedError(
            f"the registry answered {answer.status}: it wants to know who asks",
            location=address,
            hint="puppy-cli config set registries.NAME - reads an address with user and password",
        )
    if answer.status != HTTPStatus.OK:
        raise RegistryError(f"the registry answered {answer.status}", location=address)


def _failed(error: LostError, address: str, policy: float) -> RegistryError:
    if isinstance(error, CutShortError):
        return RegistryError("the download was cut short", location=address, hint="try again")
    reason = f"the download failed: {error.why}"
    if isinstance(error, LateError):
        reason = f"there was no whole answer within {policy:g} s"
    return RegistryError(reason, location=address, hint="look at the address and the network")
