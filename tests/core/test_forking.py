"""Work shared among processes."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.forking import map_forked


def children() -> set[str]:
    """This process's children; those of fixtures are among them."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def squared(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for number in numbers:
        yield number * number, os.getpid()


def test_every_item_is_worked_on_once() -> None:
    results = list(map_forked(squared, range(100), 3))
    assert sorted(square for square, _ in results) == [n * n for n in range(100)]
    assert len({process for _, process in results}) == 3


def test_one_worker_is_this_process() -> None:
    assert {process for _, process in map_forked(squared, range(5), 1)} == {os.getpid()}
    assert {process for _, process in map_forked(squared, [1, 2], 8)} == {os.getpid()}


def test_children_leave_the_parents_memory_alone() -> None:
    def frozen(numbers: Sequence[int]) -> Iterator[int]:
        yield gc.get_freeze_count()

    before = gc.get_freeze_count()
    assert all(map_forked(frozen, range(4), 2)), "a look through it would copy it"
    assert gc.get_freeze_count() == before


def test_an_error_of_a_child_is_raised_here() -> None:
    def fail(numbers: Sequence[int]) -> Iterator[int]:
        yield from numbers
        raise UsageError("no", location="here", hint="try")

    with pytest.raises(UsageError, match="no") as caught:
        list(map_forked(fail, range(10), 2))
    assert (caught.value.location, caught.value.hint) == ("here", "try")


def test_children_end_where_nobody_listens() -> None:
    def endless(numbers: Sequence[int]) -> Iterator[bytes]:
        while numbers:
            yield b"x" * 100_000

    before = children()
    results = map_forked(endless, range(10), 2)
    next(results)
    assert len(children() - before) == 2
    results.close()  # type: ignore[attr-defined]
    assert children() == before


def test_a_child_that_was_killed_is_reported() -> None:
    def die(numbers: Sequence[int]) -> Iterator[int]:
        yield from numbers
        if 1 in numbers:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(RegistryError, match="was killed"):
        list(map_forked(die, range(10), 2))
