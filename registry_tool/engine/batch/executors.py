"""Who runs the items: this process, or others; and the share of a batch that one job of several takes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.values import Object
from registry_tool.engine.batch.items import Item
from registry_tool.engine.retry import first_error

RetrievalQuery = Iterator[Item | None]
"""Items to run, taken one by one as there is room; None: nothing yet, let others go first."""

RunItem = Callable[[Item], Awaitable[Object]]
"""Gives an item's record (`status`, then `outputs` or `error`, `usage`, `seconds`); a failure is one, too."""

Done = Callable[[Item, Object], None]
"""Takes a record as soon as it is there."""

_BREATH = 16
"""After so many items one gives way to whatever else there is to do."""


class Executor(Protocol):
    """Runs items, in any order."""

    async def execute(self, items: RetrievalQuery, done: Done) -> None:
        """Every item once; `done` is called for each. Cancelled, it ends what it started."""


class LocalExecutor:
    """At most `concurrency` items at once, in this process. It takes an item only when one is finished."""

    def __init__(self, run: RunItem, concurrency: int) -> None:
        self._run = run
        self._concurrency = concurrency

    async def execute(self, items: RetrievalQuery, done: Done) -> None:
        """Every item once."""

        async def follow() -> None:
            for number, item in enumerate(items):
                if item is not None:
                    done(item, await self._run(item))
                if item is None or number % _BREATH == 0:
                    await asyncio.sleep(
                        0
                    )  # items that wait for nothing would let no Ctrl-C through

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._concurrency):
                    group.create_task(follow())
        except* RegistryError as failures:
            raise first_error(failures) from None


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `index` (from 1) of `of`. A key's part depends on the key alone, not on the order of lines."""

    index: int = 1
    of: int = 1

    def holds(self, key: str) -> bool:
        """Whether a key is in this part."""
        return self.of == 1 or int(key[:16], 16) % self.of == self.index - 1


def read_shard(text: str) -> Shard:
    """The shard that `2/8` spells; `UsageError` for none."""
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise UsageError(f"{text[:40]!r} is not a shard", hint="write it as 2/8, from 1/8 to 8/8")
    return Shard(int(found[1]), int(found[2]))
