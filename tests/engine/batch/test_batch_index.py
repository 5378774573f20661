"""The index of a batch: which line has which result."""

from __future__ import annotations

from registry_tool.engine.batch.batch_index import BatchIndex
from registry_tool.engine.batch.ledger import ResultLocation
from tests.engine.batch.ledgers import key


def location(number: int, *, failed: bool, start: int) -> ResultLocation:
    return ResultLocation(key(number), failed, 0, start, 1)


def test_a_success_stays_and_of_failures_the_later_counts() -> None:
    index = BatchIndex()
    index.load(
        [
            location(1, failed=False, start=1),
            location(1, failed=True, start=2),
            location(2, failed=True, start=3),
            location(2, failed=True, start=4),
            location(3, failed=True, start=5),
            location(3, failed=False, start=6),
        ],
        retry_failed=False,
    )
    for line in (1, 2, 3):
        index.enter(line, key(line), "")
    found = [
        (entry.location.failed, entry.location.start) for entry in index.entries() if entry.location
    ]
    assert found == [(False, 1), (True, 4), (False, 6)]
    index.close()


def test_a_failure_that_is_to_be_tried_again_is_not_known_until_it_was() -> None:
    index = BatchIndex()
    index.load(
        [location(1, failed=True, start=1), location(2, failed=False, start=2)], retry_failed=True
    )
    assert [index.has(key(1)), index.has(key(2))] == [False, True]
    index.keep(location(1, failed=True, start=9))
    assert index.has(key(1))
    index.enter(1, key(1), "")
    (entry,) = index.entries()
    assert entry.location is not None and entry.location.start == 9
    index.close()
