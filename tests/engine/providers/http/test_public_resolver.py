"""A name is asked only where every address that it leads to is public."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from aiohttp.resolver import ThreadedResolver

from registry_tool.engine.providers.errors import RefusedLookupError
from registry_tool.engine.providers.http.public_resolver import CheckedResolver


def resolved(host: str, *hosts: str, private: bool = False) -> list[str]:
    """The addresses that a name is given; `hosts` are what a look-up of names that nobody here has would find."""
    asked: list[tuple[str, int]] = []

    def may_be_private(name: str, port: int) -> bool:
        asked.append((name, port))
        return private

    async def look_up() -> list[str]:
        resolver = CheckedResolver(may_be_private)
        try:
            return [result["host"] for result in await resolver.resolve(host, 443, socket.AF_INET)]
        finally:
            await resolver.close()

    found = asyncio.run(look_up())
    assert asked == [(host.rstrip(".").lower(), 443)]
    return found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of names that only exist in tests."""
    known: dict[str, list[str]] = {}

    async def look_up(_: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, Any]]:
        return [{"host": address} for address in known[host.rstrip(".").lower()]]

    monkeypatch.setattr(ThreadedResolver, "resolve", look_up)
    return known


def test_this_machine_s_own_name_is_refused() -> None:
    with pytest.raises(RefusedLookupError, match="the name localhost leads to 127"):
        resolved("localhost")
    assert resolved("localhost", private=True)[0].startswith("127.")


def test_one_inner_address_among_public_ones_is_enough(names: dict[str, list[str]]) -> None:
    names |= {
        "good": ["8.8.8.8", "1.1.1.1"],
        "mixed": ["8.8.8.8", "10.0.0.1"],
        "odd": ["no number"],
    }
    assert resolved("good") == ["8.8.8.8", "1.1.1.1"]
    assert resolved("Mixed.", private=True) == ["8.8.8.8", "10.0.0.1"]
    for name in ("mixed", "odd"):
        with pytest.raises(RefusedLookupError, match="which is not a public address"):
            resolved(name)
