"""Run records on their branches, `runs-YYYY-MM`: read, verified, and appended by compare and swap."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from registry_tool.core.hash_chain import hash_of, link_path
from registry_tool.core.records import Record
from registry_tool.core.values import Object
from registry_tool.monitoring.record_chain import check_link, read_chain
from registry_tool.monitoring.records import (
    STARTED,
    BrokenRecordError,
    Check,
    RunRecord,
    month_before,
    month_of,
    read_record,
    sealed,
)
from registry_tool.security.keys import KeyRing, PublicKey, stored_ring
from registry_tool.security.published_keys import all_of
from registry_tool.security.signing import sign, verify
from registry_tool.state.branches import StateLocation, home_of, state_branch, writer
from registry_tool.state.public_keys import process_ring, published
from registry_tool.state.target import Target
from registry_tool.store.branch import Branch
from registry_tool.store.branch_names import state_branch_names
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

BRANCHES = "runs-*"
_MONTH = re.compile(r"runs-(\d{4}-(?:0[1-9]|1[0-2]))")

ChainProblem = Callable[[BrokenRecordError], None]
"""Hears of a record that is missing, forged or none."""

Build = Callable[[list[RunRecord]], RunRecord | None]
"""From a month's verified records to the next one, or None where there is nothing to write."""


def branch_of(month: str) -> str:
    """The branch that holds the records of a month."""
    return f"runs-{month}"


def ring_of(target: Target, environment: str) -> KeyRing:
    """The keys that sign an environment's records; at a remote home never one that this machine made up."""
    return process_ring(target, environment, target.environ)


def checker(target: Target, ring: KeyRing) -> Check:
    """What checks signatures by a ring's keys, and by the older ones that its newest key vouches for."""
    known = published(target, ring.environment)
    return _check(all_of(ring.public, known.keys if known.vouched_by(ring) else ()))


def reader(target: Target, environment: str) -> Check | None:
    """The records for who only reads, with the published keys; None where there are none."""
    ring = stored_ring(Repository(target.root).git_dir, environment, target.environ)
    known = published(target, environment)
    keys = all_of(ring.public if ring else (), known.keys)
    return _check(keys) if keys else None


def _check(keys: Sequence[PublicKey]) -> Check:
    def check(value: Object, signature: str) -> bool:
        return verify(value, signature, keys)

    return check


class Recorder(Record, frozen=True):
    """Writes one environment's records."""

    target: Target
    environment: str
    ring: KeyRing

    def append(self, month: str, build: Build, message: str) -> RunRecord | None:
        """The record that `build` wanted, in its place, or None. It is asked again where a rival was faster.

        Whatever `build` raises ends it, and nothing is written.
        """
        made: list[RunRecord] = []
        check = checker(self.target, self.ring)

        def write(tree: GitTree) -> Mapping[str, bytes | None]:
            made.clear()
            files = list(month_files(tree, self.environment))
            draft = build(read_chain(files, self.environment, month, check))
            if draft is None:
                return {}
            previous = hash_of(files[-1][1]) if files else self._last_of(month_before(month))
            record, data = sealed(draft, len(files) + 1, previous, self._sign)
            made.append(record)
            return {link_path(self.environment, record.number): data}

        record_branch(self.target, month).write(write, message, writer(self.target))
        return made[0] if made else None

    def records(self, month: str) -> list[RunRecord]:
        """The verified records of a month."""
        files = month_files(record_branch(self.target, month).files(), self.environment)
        return read_chain(files, self.environment, month, checker(self.target, self.ring))

    def mentions(self, month: str, execution_id: str) -> bool:
        """Whether a month's records name a run at all: a quick look, before they are read and verified."""
        word = execution_id.encode()
        files = month_files(record_branch(self.target, month).files(), self.environment)
        return any(word in data for _, data in files)

    def _last_of(self, month: str) -> str:
        """The hash of a month's last record, empty where it has none."""
        files = list(month_files(record_branch(self.target, month).files(), self.environment))
        return hash_of(files[-1][1]) if files else ""

    def _sign(self, value: Object) -> str:
        return sign(value, self.ring)


def record_branch(target: StateLocation, month: str) -> Branch:
    """The branch of a month's records."""
    return state_branch(target, branch_of(month))


def month_files(tree: GitTree, environment: str) -> Iterator[tuple[str, bytes]]:
    """(path, bytes) of an environment's records, in order."""
    return tree.contents(environment)


def months(target: StateLocation) -> list[str]:
    """The months that have a branch of records, oldest first."""
    repository = Repository(target.root)
    names = state_branch_names(repository, BRANCHES, home_of(target), target.notes)
    return [match[1] for name in names if (match := _MONTH.fullmatch(name))]


def read_records(  # noqa: PLR0913 - what of them, and who hears of bad ones
    target: Target,
    environment: str = "",
    name: str = "",
    since: datetime | None = None,
    *,
    every: bool = False,
    broken: ChainProblem | None = None,
) -> list[RunRecord]:
    """Records of runs (of a workflow, in an environment) that started since a moment, by month and number.

    Chains are verified; signatures, too, where this machine has the environment's key. A month begins before
    `since`, so whole months are read and what is older is left out. `BrokenRecordError` names a bad record; with
    `broken`, which hears of it, the others are given.
    """
    first = month_of(since) if since else ""
    found = [
        record
        for month in months(target)
        if month >= first
        for record in read_month(target, month, environment, every=every, broken=broken)
        if not name or record.workflow == name
    ]
    if since is None:
        return found
    old = {
        (record.environment, record.execution_id)
        for record in found
        if record.kind == STARTED and datetime.fromisoformat(record.time) < since
    }
    return [record for record in found if (record.environment, record.execution_id) not in old]


def records_by_month(target: Target) -> dict[str, list[RunRecord]]:
    """Every record by the month whose branch holds it, which is that of the run's start."""
    return {month: read_month(target, month) for month in months(target)}


def read_month(
    target: Target,
    month: str,
    environment: str = "",
    *,
    every: bool = False,
    broken: ChainProblem | None = None,
) -> list[RunRecord]:
    """The records of one month, those of each environment in order, verified as `read_records` does."""
    tree = record_branch(target, month).files()
    found: list[RunRecord] = []
    for name in [environment] if environment else tree.folders_at_root():
        files = list(month_files(tree, name))
        try:
            check = reader(target, name)
            if every and check is None:
                target.notes.warn(
                    f"{name} has no published key: no signature of its records was checked"
                )
            records = read_chain(files, name, month, check, every=every)
            if every and records:
                _check_link(target, records[0], month)
        except BrokenRecordError as error:
            if broken is None:
                raise
            broken(error)
            records = _readable(files, month)
        found += records
    return found


def _readable(files: Sequence[tuple[str, bytes]], month: str) -> list[RunRecord]:
    """The records of a broken chain that can be read; nothing vouches for them."""
    records: list[RunRecord] = []
    for path, data in files:
        with suppress(BrokenRecordError):
            records.append(read_record(data, f"{branch_of(month)}:{path}"))
    return records


def _check_link(target: Target, first: RunRecord, month: str) -> None:
    before = record_branch(target, month_before(month)).files()
    hashes = {hash_of(data) for _, data in month_files(before, first.environment)}
    if hashes:  # a month that was pruned can't be looked at
        check_link(first, hashes, month)
