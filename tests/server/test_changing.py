"""The queue of changes: one after the other, bounded, and keys that are for one request."""

from __future__ import annotations

import asyncio

import pytest

from registry_tool.security.tokens.principal import Principal
from registry_tool.server import changing
from registry_tool.server.changing import ChangeQueue
from registry_tool.server.problems import ProblemError

ADA, EVE = Principal(1, "ada"), Principal(2, "eve")


def test_changes_are_made_one_after_the_other() -> None:
    queue, running, most = ChangeQueue(), [0], [0]

    def made() -> int:
        running[0] += 1
        most[0] = max(most[0], running[0])
        running[0] -= 1
        return most[0]

    async def all_at_once() -> list[int]:
        return await asyncio.gather(*(queue.change(made) for _ in range(20)))

    assert asyncio.run(all_at_once()) == [1] * 20


def test_too_many_that_wait_are_reported_when_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changing, "MOST_WAITING", 0)
    with pytest.raises(ProblemError) as caught:
        asyncio.run(ChangeQueue().change(lambda: None))
    assert caught.value.headers == {"Retry-After": "10"}
