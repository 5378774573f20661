"""Run records in checkpoints of the audit log: what to sign, and what is missing or changed since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from registry_tool.core.hash_chain import ChainProblem
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.monitoring.record_chain import read_chain
from registry_tool.monitoring.records import BrokenRecordError
from registry_tool.security.audit import AuditEntry
from registry_tool.security.checkpoints import ChainEnd, run_problems
from registry_tool.security.keys import PublicKey
from registry_tool.security.signing import verify
from registry_tool.state.branches import StateLocation
from registry_tool.state.runs.records import branch_of, month_files, months, record_branch

_UNPRUNED = "and no entry says that they were pruned"
PRUNE = "prune"
"""The action of the audit log's entries that say which months of records went, under `months`."""


class Runs(Record, frozen=True):
    """What became of a checkpoint's run records: `sound` ones by month, months that only others' logs say went."""

    sound: Mapping[str, int]
    broken: tuple[ChainProblem, ...] = ()
    unverified: tuple[ChainProblem, ...] = ()


def run_ends(
    location: StateLocation, environment: str, keys: Sequence[PublicKey]
) -> dict[str, ChainEnd]:
    """The ends of an environment's chains by month; `BrokenRecordError` where one is broken."""
    found = {}
    for month in months(location):
        if files := _files(location, environment, month):
            _read(files, environment, month, keys)
            found[month] = ChainEnd.of(files)
    return found


def compare_runs(
    location: StateLocation,
    environment: str,
    expected: Mapping[str, ChainEnd],
    keys: Sequence[PublicKey],
    pruned: Mapping[str, str],
) -> Runs:
    """Compares the run records with what a checkpoint says of them.

    `pruned` are the months that sound entries of the audit log say went, each with whose log says it.
    """
    sound, broken, unverified = {}, list[ChainProblem](), list[ChainProblem]()
    for month, end in expected.items():
        files = _files(location, environment, month)
        if not files and month in pruned:
            unverified += _pruned_elsewhere(environment, month, pruned[month])
        elif wrong := _problems(end, files, environment, month, keys):
            broken += wrong
        else:
            sound[month] = end.count
    return Runs(sound, tuple(broken), tuple(unverified))


def pruned_months(entries: Iterable[AuditEntry]) -> set[str]:
    """The months that entries of an audit log say were pruned."""
    return {month for entry in entries if entry.action == PRUNE for month in entry.details.months}


def _pruned_elsewhere(environment: str, month: str, whose: str) -> list[ChainProblem]:
    if whose == environment:
        return []
    reason = f"the month was pruned, as the log of {whose} says; {environment}'s own doesn't"
    return [ChainProblem(f"{branch_of(month)}:{environment}", reason)]


def _problems(
    end: ChainEnd,
    files: Sequence[tuple[str, bytes]],
    environment: str,
    month: str,
    keys: Sequence[PublicKey],
) -> list[ChainProblem]:
    if not files:
        reason = f"all {end.count} run records that the checkpoint counts are gone, {_UNPRUNED}"
        return [ChainProblem(f"{branch_of(month)}:{environment}", reason)]
    found = list(run_problems(end, files, environment, month))
    try:
        _read(files, environment, month, keys)
    except BrokenRecordError as error:
        found.insert(0, ChainProblem(error.location, error.reason))
    return found


def _read(
    files: Sequence[tuple[str, bytes]], environment: str, month: str, keys: Sequence[PublicKey]
) -> None:
    def check(value: Object, signature: str) -> bool:
        return verify(value, signature, keys)

    read_chain(files, environment, month, check if keys else None)


def _files(location: StateLocation, environment: str, month: str) -> list[tuple[str, bytes]]:
    return list(month_files(record_branch(location, month).files(), environment))
