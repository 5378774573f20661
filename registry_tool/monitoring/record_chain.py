"""Whether a month's run records are whole: numbered without a gap, chained by hash, signed."""

from __future__ import annotations

from collections.abc import Container, Iterable

from registry_tool.core.hash_chain import Chain, link_path
from registry_tool.monitoring.records import (
    FINISHED,
    RESTORE,
    STARTED,
    BrokenRecordError,
    Check,
    RunRecord,
    read_record,
)

_RECORDS = Chain("record", read_record, follows=True)


def read_chain(
    files: Iterable[tuple[str, bytes]],
    environment: str,
    month: str,
    check: Check | None,
    *,
    every: bool = False,
) -> list[RunRecord]:
    """An environment's records of a month, from (path, bytes) in order; `BrokenRecordError` names a bad one.

    The signature of the last one vouches for all before it: it covers the hash of its predecessor, and so on down.
    So only that one is checked, unless `every` is. With `check` None, none is.
    """
    records: list[RunRecord] = []
    started: dict[str, RunRecord] = {}
    branch = f"runs-{month}:"
    for one in _RECORDS.check(files, environment, environment, branch):
        location = f"{branch}{one.path}"
        if one.link is None or one.problem:
            raise BrokenRecordError(one.problem, location=location, hint=RESTORE)
        _check_story(one.link, started, month, location)
        if every and check is not None:
            _check_signature(one.link, check, location)
        records.append(one.link)
    if records and check is not None and not every:
        last = records[-1]
        _check_signature(last, check, f"runs-{month}:{link_path(environment, last.number)}")
    return records


def check_link(record: RunRecord, before: Container[str], month: str) -> None:
    """The first record of a month holds the hash of one of the month before (its last one, then).

    `before` are the hashes of all of them; runs that ended late were written after it.
    """
    if record.previous and record.previous not in before:
        location = f"runs-{month}:{link_path(record.environment, record.number)}"
        raise _forged("does not follow the month before: that one was changed", location)


def _check_story(
    record: RunRecord, started: dict[str, RunRecord], month: str, location: str
) -> None:
    """Every end has its start; a run starts once, and again only after an end; in its own month.

    `started` holds the last record of each run.
    """
    before = started.get(record.execution_id)
    if record.kind == FINISHED:
        if before is None or before.actor != record.actor:
            raise _forged("ends a run that nobody started", location)
        started[record.execution_id] = record
    elif (before is not None and before.kind == STARTED) or record.runs < 1:
        raise _forged("starts a run that was started before", location)
    elif not record.time.startswith(f"{month}-"):
        raise _forged("belongs to another month", location)
    else:
        started[record.execution_id] = record


def _check_signature(record: RunRecord, check: Check, location: str) -> None:
    if not check(record.to_value(), record.signature):
        raise BrokenRecordError(
            "the record's signature is not that of the environment's key",
            location=location,
            hint=f"{RESTORE}; after a change of keys, keep the old one in PUPPY_ENVIRONMENT_KEY",
        )


def _forged(what: str, location: str) -> BrokenRecordError:
    return BrokenRecordError(f"the record {what}", location=location, hint=RESTORE)
