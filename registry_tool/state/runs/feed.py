"""What is new in run records, as the totals take it.

Chains and signatures are not verified here, so that a scrape costs what is new; `puppy-cli runs` verifies them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from registry_tool.core.errors import RegistryError
from registry_tool.monitoring.records import FINISHED, RunRecord, read_record
from registry_tool.monitoring.runs import GRACE
from registry_tool.monitoring.totals import RunNote
from registry_tool.state.branches import state_branch
from registry_tool.state.runs.records import branch_of, months
from registry_tool.state.target import Target
from registry_tool.store.git.commit_tree import GitTree

_STILL_WRITTEN = 2  # months: a run's end stands on the branch of the month that it began in


class NewRuns:
    """Gives each record once, oldest first; of the `last` months that have any, where that is said."""

    def __init__(self, target: Target, last: int | None = None) -> None:
        self._target, self._last = target, last
        self._tips: dict[str, str] = {}
        self._read: dict[str, int] = {}

    def __call__(self, environment: str) -> Iterator[RunNote]:
        """The records of an environment (empty: of all) since the last time."""
        known = months(self._target)
        known = known[-self._last :] if self._last else known
        for month in known:
            if month in known[-_STILL_WRITTEN:] or month not in self._tips:
                yield from self._of_month(month, environment)

    def _of_month(self, month: str, environment: str) -> Iterator[RunNote]:
        branch = state_branch(self._target, branch_of(month))
        tip = branch.tip()
        if tip and tip != self._tips.get(month):
            tree = GitTree(branch.repository, tip)
            for name in [environment] if environment else tree.folders_at_root():
                yield from self._of_folder(tree, month, name)
            self._tips[month] = tip

    def _of_folder(self, tree: GitTree, month: str, environment: str) -> Iterator[RunNote]:
        key = f"{month}/{environment}"
        for path, data in tree.contents(environment, self._read.get(key, 0)):
            self._read[key] = self._read.get(key, 0) + 1
            try:
                yield note_of(read_record(data, f"{branch_of(month)}:{path}"))
            except RegistryError as error:
                self._target.notes.warn(f"not counted: {error}")


def note_of(record: RunRecord) -> RunNote:
    """A record as the totals take it: no person but a pseudonym, which makes no label."""
    ended = record.kind == FINISHED
    return RunNote(
        execution_id=record.execution_id,
        workflow=record.workflow,
        version=record.version,
        environment=record.environment,
        time=datetime.fromisoformat(record.time),
        actor=record.actor,
        plan=record.plan,
        runs=record.runs,
        policy=timedelta(seconds=record.timeout) + GRACE,
        status=record.status if ended else "",
        seconds=record.seconds if ended else None,
        usage=record.usage.to_value() if ended else {},
    )
