"""What the events say: what served before, and what serves now. The pointer file must say the same."""

from __future__ import annotations

from collections.abc import Iterable

from registry_tool.core.records import Record
from registry_tool.deploy.event_log import DeployEvent
from registry_tool.deploy.model import Serving


class History(Record, frozen=True):
    """Versions that served wholly, the present one last, without those that were rolled back from.

    `known` are all that ever did; `finished` the ids of deployments and rollbacks that ended well; `weights` what
    the last switch or rollback set, as (version, weight).
    """

    line: tuple[Serving, ...] = ()
    known: tuple[Serving, ...] = ()
    finished: frozenset[str] = frozenset()
    weights: tuple[tuple[str, int], ...] = ()

    @property
    def previous(self) -> Serving | None:
        """What served before the present version."""
        return self.line[-2] if len(self.line) > 1 else None

    def before(self, target: Serving) -> Serving | None:
        """What served before a version that is gone back to."""
        line = _back_to(self.line, target)
        return line[-2] if len(line) > 1 else None


def read_history(events: Iterable[DeployEvent]) -> History:
    """The history in a workflow's events, oldest first."""
    line: tuple[Serving, ...] = ()
    known: list[Serving] = []
    finished: set[str] = set()
    weights: tuple[tuple[str, int], ...] = ()
    for event in events:
        detail = event.changed
        if detail is None:
            continue
        weights = tuple((share.version, share.weight) for share in detail.serving or ())
        entry = detail.entry.serving if detail.entry else None
        if event.stage == "watch" and entry is not None:
            line = (*line, entry)
            known.append(entry)
            finished.add(event.deployment)
        elif event.stage == "rollback":
            line = _back_to(line, entry) if entry is not None else line
            finished |= {event.deployment} if detail.asked else set()
    return History(line, tuple(known), frozenset(finished), weights)


def _back_to(line: tuple[Serving, ...], target: Serving) -> tuple[Serving, ...]:
    for length in range(len(line), 0, -1):
        if line[length - 1].same_as(target):
            return line[:length]
    return (*line, target)
