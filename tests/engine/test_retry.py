"""Attempts at an edge: only what may pass is tried again, and the wait is what the provider asks for, or grows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.engine.edges.all_edges import config_of
from registry_tool.engine.edges.base import EdgeError
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.engine.providers.errors import ProviderError
from registry_tool.engine.retry import (
    NONE,
    EdgeTimeoutError,
    RetryPolicy,
    attempt,
    first_error,
    policy,
)
from registry_tool.engine.settings import RunSettings
from registry_tool.manifest.model import Edge

BUSY = ProviderError("busy", transient=True)


def tried(retries: int, *outcomes: Exception | None) -> tuple[Any, list[float]]:
    """The result or error of an edge that goes as told, and the waits between its attempts."""
    waits: list[float] = []
    coming = iter(outcomes)

    async def compute() -> dict[str, Value]:
        if (failure := next(coming)) is not None:
            raise failure
        return {"b": 1}

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    settings = RunSettings("exec-1", sleep=sleep, jitter=lambda _, most: most)
    try:
        found: Any = asyncio.run(
            attempt(compute, RetryPolicy(None, retries), settings, lambda *_: None)
        )
    except RegistryError as error:
        found = error
    return found, waits


def test_what_passes_is_tried_again_with_growing_waits() -> None:
    assert tried(3, BUSY, BUSY, BUSY, None) == ({"b": 1}, [0.5, 1.0, 2.0])


def test_a_providers_wish_is_obeyed_up_to_half_a_minute() -> None:
    wishes = [ProviderError("x", transient=True, retry_after=s) for s in (7.0, 3600.0)]
    assert tried(2, *wishes, None) == ({"b": 1}, [7.0, 30.0])


@pytest.mark.parametrize("failure", [EdgeError("wrong"), ProviderError("bad key")])
def test_what_would_fail_again_is_not_tried_again(failure: RegistryError) -> None:
    assert tried(3, failure) == (failure, [])


def test_the_last_failure_says_how_often_it_was_tried() -> None:
    found, waits = tried(1, BUSY, BUSY)
    assert str(found) == "busy (attempt 2)"
    assert len(waits) == 1


def test_a_group_of_failures_is_its_first_of_ours() -> None:
    inner = ExceptionGroup("inner", [BUSY])
    assert first_error(ExceptionGroup("outer", [ValueError("x"), inner])) is BUSY
    with pytest.raises(ExceptionGroup):  # a bug stays one
        first_error(ExceptionGroup("outer", [ValueError("x")]))
    assert tried(1, ExceptionGroup("outer", [BUSY]), None) == ({"b": 1}, [0.5])


def test_an_edge_that_takes_too_long_is_stopped() -> None:
    async def forever() -> dict[str, Value]:
        await asyncio.sleep(60)
        return {}

    limited = RetryPolicy(0.01, 0)
    with pytest.raises(EdgeTimeoutError, match=r"took longer than 0\.01 s"):
        asyncio.run(attempt(forever, limited, RunSettings("exec-1"), lambda *_: None))


@pytest.mark.parametrize(
    ("kind", "config", "wanted"),
    [
        ("llm", {}, NONE),
        ("llm", {"timeout": "90s", "retries": 2}, RetryPolicy(90.0, 2)),
        ("http", {"timeout": "90s"}, NONE),  # it bounds itself
        ("http", {"timeout": "90s", "retries": 1}, RetryPolicy(None, 1)),
    ],
)
def test_what_a_configuration_says(kind: str, config: Any, wanted: RetryPolicy) -> None:
    assert policy(kind, EdgeConfig(**config)) == wanted


@pytest.mark.parametrize(
    ("config", "location"),
    [
        ({"retries": -1}, "config.retries"),
        ({"retries": 11}, "config.retries"),
        ({"retries": True}, "config.retries"),
        ({"timeout": "soon"}, "config.timeout"),
        ({"timeout": None, "retries": "2"}, "config.retries"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(config: Any, location: str) -> None:
    with pytest.raises(EdgeError) as caught:
        config_of(Edge("e", "llm", ("a",), ("b",), config))
    assert caught.value.location == location


def test_an_attempt_that_never_waited_is_late_all_the_same() -> None:
    async def compute() -> dict[str, Value]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        loop.time = lambda: began + 61  # type: ignore[method-assign]
        return {"b": 1}

    async def once() -> dict[str, Value]:
        return await attempt(compute, RetryPolicy(60.0), RunSettings("x"), lambda *_: None)

    with pytest.raises(EdgeTimeoutError, match="longer than 60 s"):
        asyncio.run(once())
