"""Attempts at one edge: its own `timeout` and `retries`, back-off with full jitter between them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from registry_tool.core.clock import seconds
from registry_tool.core.errors import RegistryError
from registry_tool.core.records import Record
from registry_tool.core.retry import Backoff, Jitter
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.settings import RunSettings

_BACKOFF = Backoff()
_OWN_TIMEOUT = frozenset({"code", "http", "template"})  # they bound themselves, and say so better


class EdgeTimeoutError(EdgeError):
    """An edge took longer than its `timeout`."""


class RetryPolicy(Record, frozen=True):
    """An edge's `timeout` in seconds (None: the run's alone) and how often it is tried again."""

    timeout: float | None = None
    retries: int = 0


NONE = RetryPolicy()


def policy(type_: str, config: EdgeConfig) -> RetryPolicy:
    """What the configuration says; `EdgeError` where its timeout is too long to be one."""
    bound = None if type_ in _OWN_TIMEOUT else config.timeout
    if bound is None and not config.retries:
        return NONE
    try:
        return RetryPolicy(None if bound is None else seconds(bound), config.retries)
    except ValueError as error:
        raise EdgeError(str(error), location="config.timeout") from None


async def attempt(
    compute: Callable[[], Awaitable[dict[str, Value]]],
    patient: RetryPolicy,
    settings: RunSettings,
    on_retry: Callable[[int, float, RegistryError], None],
) -> dict[str, Value]:
    """The first result. Only failures that may pass (transient ones, timeouts) are tried again.

    `on_retry` takes the number of the failed attempt (from 1), the wait in seconds and the cause.
    """
    for number in range(1, patient.retries + 2):
        try:
            async with asyncio.timeout(patient.timeout) as bound:
                results = await compute()
                if is_past(bound):  # it never waited, so nobody could stop it
                    raise _too_late(patient)
                return results
        except (RegistryError, TimeoutError, ExceptionGroup) as error:
            cause = _cause(error, patient, expired=bound.expired())
            if number > patient.retries or not _may_pass(cause):
                failure = _numbered(cause, number)
                if failure is error:  # it must not become its own cause
                    raise
                raise failure from (error if failure is cause else cause)
            wait = _wait(cause, number, settings.jitter)
            on_retry(number, wait, cause)
            await settings.sleep(wait)
    raise AssertionError("unreachable")


def _cause(error: Exception, patient: RetryPolicy, *, expired: bool) -> RegistryError:
    if isinstance(error, ExceptionGroup):
        return first_error(error)
    if isinstance(error, RegistryError):
        return error
    if expired:
        return _too_late(patient)
    return EdgeError("the operating system gave up waiting")


def _too_late(patient: RetryPolicy) -> EdgeTimeoutError:
    return EdgeTimeoutError(f"it took longer than {patient.timeout:g} s", location="config.timeout")


def is_past(bound: asyncio.Timeout) -> bool:
    """Whether the time of a block is over, also where nothing in it waited and so was stopped."""
    when = bound.when()
    return when is not None and asyncio.get_running_loop().time() >= when


def first_error(group: BaseExceptionGroup[Exception]) -> RegistryError:
    """The first error of a group that is ours; a group without one is a bug and raised again."""
    for error in group.exceptions:
        if isinstance(error, RegistryError):
            return error
        if isinstance(error, BaseExceptionGroup):
            return first_error(error)
    raise group


def _may_pass(error: RegistryError) -> bool:
    return isinstance(error, EdgeTimeoutError) or (
        isinstance(error, ProviderError) and error.transient
    )


def _wait(error: RegistryError, number: int, jitter: Jitter) -> float:
    retry_after = error.retry_after if isinstance(error, ProviderError) else None
    return _BACKOFF.wait(number, jitter, retry_after)


def _numbered(error: RegistryError, number: int) -> RegistryError:
    if number == 1:
        return error
    return EdgeError(f"{error.reason} (attempt {number})", location=error.location, hint=error.hint)
